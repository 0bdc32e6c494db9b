using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Weld.Linker.Inputs;

namespace Weld.Linker.Image;

/// <summary>The output file while it is made: its path has the old file or the whole new one, never a part.</summary>
/// <remarks>
/// The bytes go to a new file in the same directory, which then takes the path's place. A full disk is an error when space is
/// allocated, before anything is written. Pipes and devices have no old content to keep and are written directly.
/// <para>Counterpart in wasm-ld: LLVM's FileOutputBuffer. As there, a link at the path is replaced, not followed, and the new
/// file's permissions are those of a new program, whatever the old file's were.</para>
/// </remarks>
public sealed unsafe class AtomicOutput
{
    // Measured on Linux (ext4): from here on a mapping, which needs no second copy, is faster than a buffer and a write.
    private const long MapLimit = 8 * 1024 * 1024;

    private const int NameAttempts = 100;

    private static int _lastNumber;

    private readonly string _path;
    private string? _temporaryPath;
    private readonly bool _isMapped;
    private SafeFileHandle? _file;
    private string? _error;

    private AtomicOutput(string path, string? temporaryPath, SafeFileHandle? file, byte* pointer, long length, bool isMapped)
    {
        _path = path;
        _temporaryPath = temporaryPath;
        _file = file;
        _isMapped = isMapped;
        Pointer = pointer;
        Length = length;
    }

    private enum TargetKind
    {
        /// <summary>A file, or nothing yet.</summary>
        File,
        Directory,

        /// <summary>A pipe, a terminal or another device.</summary>
        Device,
    }

    /// <summary>The bytes to fill, zeros at first; null after <see cref="TryCommit"/> or <see cref="Discard"/>, and for an output in pieces.</summary>
    public byte* Pointer { get; private set; }

    public long Length { get; }

    /// <summary>Whether the bytes are given to <see cref="Write"/>; they are never all in memory then.</summary>
    public bool IsInPieces => Pointer is null && _file is not null;

    /// <summary>A part of the bytes to fill.</summary>
    public Span<byte> Span(long offset, int length)
    {
        if ((ulong)offset > (ulong)Length || (uint)length > (ulong)(Length - offset))
            throw new ArgumentOutOfRangeException(nameof(offset));
        return new Span<byte>(Pointer + offset, length);
    }

    /// <summary>Whether an output can be made at <paramref name="path"/>; worth asking before a long link.</summary>
    /// <param name="path">The output file.</param>
    /// <param name="error">The reason alone, for <c>cannot open output file PATH: REASON</c>.</param>
    public static bool TryCheckWritable(string path, out string? error)
    {
        ArgumentNullException.ThrowIfNull(path);
        error = Classify(path) switch
        {
            TargetKind.Directory => "Is a directory",
            TargetKind.File when NativeFile.IsSupported && !NativeFile.IsWritableDirectory(Path.GetDirectoryName(path) ?? "/") => NativeFile.LastError(),
            _ => null,
        };
        return error is null;
    }

    /// <summary>Starts an output.</summary>
    /// <param name="path">The output file; <c>-</c> is the standard output.</param>
    /// <param name="size">Its exact size.</param>
    /// <param name="error">The reason alone, for <c>cannot open output file PATH: REASON</c>.</param>
    /// <param name="isExecutable">Whether the file can be run.</param>
    /// <param name="inPieces">Whether the caller prefers <see cref="Write"/> to <see cref="Pointer"/>; not possible for devices.</param>
    public static AtomicOutput? TryCreate(string path, long size, out string? error, bool isExecutable = true, bool inPieces = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!TryCheckWritable(path, out error))
            return null;
        if (Classify(path) == TargetKind.Device)
            return new AtomicOutput(path == "-" ? "/dev/stdout" : path, null, null, AllocateBuffer(size), size, isMapped: false);
        SafeFileHandle? file = CreateTemporary(path, isExecutable, out string temporaryPath, out error);
        if (file is null)
            return null;
        bool isAllocated = TryAllocate(file, size, out error);
        if (error is not null)
        {
            file.Dispose();
            File.Delete(temporaryPath);
            return null;
        }
        if (inPieces)
            return new AtomicOutput(path, temporaryPath, file, null, size, isMapped: false);
        byte* pointer = null;
        // Without its blocks, a mapped file would end the process when the disk is full.
        bool isMapped = size >= MapLimit && isAllocated && NativeFile.TryMapForWriting((int)file.DangerousGetHandle(), size, out pointer);
        return new AtomicOutput(path, temporaryPath, file, isMapped ? pointer : AllocateBuffer(size), size, isMapped);
    }

    /// <summary>Writes a piece; any thread can, at any time before <see cref="TryCommit"/>, which says what went wrong.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file!, bytes, offset);
        }
        catch (Exception exception) when (NativeFile.IsFileError(exception))
        {
            _error = NativeFile.Describe(exception);
        }
    }

    /// <summary>Puts the new file in its place. Afterwards, nothing is left to discard, whatever the result.</summary>
    /// <param name="error">The reason alone, for <c>cannot write the output file PATH: REASON</c>.</param>
    public bool TryCommit(out string? error)
    {
        ObjectDisposedException.ThrowIf(Pointer is null && _file is null, this);
        try
        {
            error = _error;
            if (error is not null)
                return false;
            if (_temporaryPath is null)
                WriteToDevice();
            else
                ReplaceTarget();
            return true;
        }
        catch (Exception exception) when (NativeFile.IsFileError(exception))
        {
            error = NativeFile.Describe(exception);
            return false;
        }
        finally
        {
            Discard();
        }
    }

    /// <summary>Leaves the path as it was.</summary>
    public void Discard()
    {
        ReleaseBytes();
        CloseFile();
        if (_temporaryPath is null)
            return;
        try
        {
            File.Delete(_temporaryPath);
        }
        catch (Exception exception) when (NativeFile.IsFileError(exception))
        {
            // Nothing depends on it: a file of this name disturbs nobody.
        }
        _temporaryPath = null;
    }

    private static TargetKind Classify(string path)
    {
        if (path == "-")
            return TargetKind.Device;
        if (Directory.Exists(path))
            return TargetKind.Directory;
        if (!NativeFile.IsSupported)
            return OperatingSystem.IsWindows() && Path.GetFileName(path).Equals("nul", StringComparison.OrdinalIgnoreCase) ? TargetKind.Device : TargetKind.File;
        // Some devices can be mapped, but none must ever be replaced by a file.
        bool isDevice = path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
        return isDevice || (NativeFile.Exists(path) && !NativeFile.IsMappable(path)) ? TargetKind.Device : TargetKind.File;
    }

    private static SafeFileHandle? CreateTemporary(string path, bool isExecutable, out string temporaryPath, out string? error)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        // Executable, as wasm-ld makes its outputs; the process's mask applies.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = (UnixFileMode)(isExecutable ? 0b111_111_111 : 0b110_110_110);
        for (int attempt = 1; ; attempt++)
        {
            temporaryPath = $"{path}.tmp{Environment.ProcessId:x}-{Interlocked.Increment(ref _lastNumber):x}";
            try
            {
                error = null;
                return new FileStream(temporaryPath, options).SafeFileHandle;
            }
            catch (IOException) when (attempt < NameAttempts && File.Exists(temporaryPath))
            {
                // Left over from a process of that number that was killed.
            }
            catch (Exception exception) when (NativeFile.IsFileError(exception))
            {
                error = NativeFile.Describe(exception);
                return null;
            }
        }
    }

    // A file whose blocks are not allocated yet makes ext4 write it out when it takes another one's place: a fifth of a link.
    private static bool TryAllocate(SafeFileHandle file, long size, out string? error)
    {
        error = null;
        return NativeFile.IsSupported && size > 0 && NativeFile.TryAllocate((int)file.DangerousGetHandle(), size, out error);
    }

    private static byte* AllocateBuffer(long size) => (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(size, 1));

    private void WriteToDevice()
    {
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        if (stream.CanSeek && stream.Length > Length)
            stream.SetLength(Length);
        for (long done = 0; done < Length; done += BlockSize(done))
            stream.Write(new ReadOnlySpan<byte>(Pointer + done, BlockSize(done)));
    }

    private void ReplaceTarget()
    {
        if (!_isMapped && !IsInPieces)
        {
            for (long done = 0; done < Length; done += BlockSize(done))
                RandomAccess.Write(_file!, new ReadOnlySpan<byte>(Pointer + done, BlockSize(done)), done);
        }
        ReleaseBytes();
        CloseFile();
        File.Move(_temporaryPath!, _path, overwrite: true);
        _temporaryPath = null;
    }

    private int BlockSize(long position) => (int)Math.Min(Length - position, 1 << 30);

    private void ReleaseBytes()
    {
        if (Pointer is null)
            return;
        if (_isMapped)
            NativeFile.Unmap(Pointer, Length);
        else
            NativeMemory.Free(Pointer);
        Pointer = null;
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }
}
