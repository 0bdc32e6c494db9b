using System.Runtime.InteropServices;

namespace Weld.Linker.Inputs;

/// <summary>The few C library calls on files that .NET has no cheap form of: mapping, allocation of disk space, rename.</summary>
/// <remarks>Only functions without variable arguments and without structures, so that one declaration fits Linux and
/// macOS. Everything else takes the portable way.</remarks>
internal static unsafe partial class NativeFile
{
    private const string Library = "libc";
    private const int AccessExists = 0;
    private const int AccessExecute = 1;
    private const int AccessWrite = 2;
    private const int SeekEnd = 2;
    private const int ProtectionRead = 1;
    private const int ProtectionWrite = 2;
    private const int MapShared = 1;
    private const int MapPrivate = 2;
    private const int NonBlockingLinux = 0x800;
    private const int NonBlockingMacOS = 4;
    private const int InterruptedError = 4;
    private const int TooLargeError = 27;
    private const int NoSpaceError = 28;
    private const int QuotaError = 122;

    private static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Whether the declarations below are right for this system.</summary>
    public static bool IsSupported { get; } = (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) && Environment.Is64BitProcess;

    public static int OpenForReading(string path) => Open(path, CloseOnExec);

    /// <summary>Whether the path leads to a file with content of its own: not a pipe, a terminal or most other devices.</summary>
    /// <remarks>Only such files can be mapped. There is no cheaper question without the structures of stat, which differ everywhere.</remarks>
    public static bool IsMappable(string path)
    {
        int descriptor = Open(path, CloseOnExec | (OperatingSystem.IsMacOS() ? NonBlockingMacOS : NonBlockingLinux));
        if (descriptor < 0)
            return true;   // It may not be read, but a pipe or device for all users could be.
        bool isMapped = TryMapForReading(descriptor, 1, out byte* pointer);
        if (isMapped)
            Unmap(pointer, 1);
        Close(descriptor);
        return isMapped;
    }

    /// <summary>Whether files can be made in a directory; if not, <see cref="LastError"/> tells why.</summary>
    public static bool IsWritableDirectory(string directory) =>
        Access((directory.Length == 0 ? "." : directory) + "/.", AccessExecute | AccessWrite) == 0;

    /// <summary>Makes a file as long as it shall be, with all its blocks on the disk.</summary>
    /// <param name="descriptor">The file.</param>
    /// <param name="size">Its size.</param>
    /// <param name="error">Why there is no space; null when all is well, and when this file system or platform cannot promise blocks.</param>
    /// <remarks>Not posix_fallocate, which writes to each block where the file system has nothing better.</remarks>
    public static bool TryAllocate(int descriptor, long size, out string? error)
    {
        error = null;
        if (!OperatingSystem.IsLinux())
            return false;
        while (AllocateOnce(descriptor, 0, 0, size) != 0)
        {
            int reason = Marshal.GetLastPInvokeError();
            if (reason == InterruptedError)
                continue;
            if (reason is NoSpaceError or TooLargeError or QuotaError)
                error = Marshal.GetPInvokeErrorMessage(reason);
            return false;
        }
        return true;
    }

    /// <summary>Unlike <see cref="Path.Exists"/>, false for a link that leads nowhere.</summary>
    public static bool Exists(string path) => Access(path, AccessExists) == 0;

    public static long SeekToEnd(int descriptor) => Seek(descriptor, 0, SeekEnd);

    public static bool TryMapForReading(int descriptor, long size, out byte* pointer) =>
        TryMap(descriptor, size, ProtectionRead, MapPrivate, out pointer);

    public static bool TryMapForWriting(int descriptor, long size, out byte* pointer) =>
        TryMap(descriptor, size, ProtectionRead | ProtectionWrite, MapShared, out pointer);

    public static void Unmap(byte* pointer, long size) => _ = Unmap(pointer, (nuint)size);

    public static void Close(int descriptor) => _ = CloseOnce(descriptor);

    /// <summary>Reads some bytes at <paramref name="offset"/>, or the next ones of a pipe; 0 at the end, negative on errors.</summary>
    public static nint Read(int descriptor, byte* buffer, nuint count, long? offset)
    {
        nint result;
        count = Math.Min(count, 1u << 30);
        do
            result = offset is long position ? ReadAt(descriptor, buffer, count, position) : ReadNext(descriptor, buffer, count);
        while (result < 0 && Marshal.GetLastPInvokeError() == InterruptedError);
        return result;
    }

    /// <summary>The text of the last error, as the C library words it.</summary>
    public static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    /// <summary>Whether a file method of .NET throws this when the path or the file is to blame.</summary>
    public static bool IsFileError(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>The same words for an exception of a .NET file method.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "No such file or directory",
        UnauthorizedAccessException => "Permission denied",
        PathTooLongException => "File name too long",
        // On Unix, the framework keeps the error number there, and its own message repeats the path.
        IOException when IsSupported && exception.HResult is > 0 and < 256 => Marshal.GetPInvokeErrorMessage(exception.HResult),
        _ => exception.Message,
    };

    private static bool TryMap(int descriptor, long size, int protection, int flags, out byte* pointer)
    {
        pointer = (byte*)Map(null, (nuint)size, protection, flags, descriptor, 0);
        return pointer != (byte*)-1;
    }

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "fallocate", SetLastError = true)]
    private static partial int AllocateOnce(int descriptor, int mode, long offset, long length);

    [LibraryImport(Library, EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(int descriptor, long offset, int origin);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadNext(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadAt(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport(Library, EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport(Library, EntryPoint = "close")]
    private static partial int CloseOnce(int descriptor);
}
