using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Weld.Wasm.Linking;

namespace Weld.Linker.Inputs;

/// <summary>The bytes of one input file, at an address that does not change while the link runs.</summary>
/// <remarks>Large files are mapped, small ones are read: below <see cref="ReadLimit"/> a copy costs less than page faults.
/// Names of symbols point into these bytes, so nothing is freed before <see cref="Release"/>.</remarks>
public sealed unsafe class MappedFile
{
    // Measured with warm files on Linux: mapping and touching every page costs 5 µs whatever the size, reading into
    // fresh memory 2.5 µs for 2 KiB, 7.5 µs for 8 KiB, 34 µs for 64 KiB. But mappings are also a limited resource.
    private const int ReadLimit = 8 * 1024;

    private const int PipeBlock = 64 * 1024;

    private readonly bool _isMapped;
    private readonly MemoryFile? _memory;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly MemoryHandle _pin;

    private MappedFile(string path, byte* pointer, long length, bool isMapped)
    {
        Path = path;
        Pointer = pointer;
        Length = length;
        _isMapped = isMapped;
    }

    /// <summary>The path as the command line (or the library search) gave it.</summary>
    public string Path { get; }

    /// <summary>The first byte; never null before <see cref="Release"/>, not even for an empty file.</summary>
    public byte* Pointer { get; private set; }

    public long Length { get; private set; }

    /// <summary>See <see cref="MemoryFile.MayShortenCode"/>.</summary>
    public bool MayShortenCode { get; private init; }

    /// <summary>Opens a file, or anything else that can be read to its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">The reason alone, for example <c>No such file or directory</c>, for <c>cannot open PATH: REASON</c>.</param>
    public static MappedFile? TryOpen(string path, out string? error)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            error = "Invalid argument";
            return null;
        }
        return NativeFile.IsSupported ? TryOpenNative(path, out error) : TryOpenPortable(path, out error);
    }

    private MappedFile(string path, MemoryFile memory, ReadOnlyMemory<byte> bytes, MemoryHandle pin)
        : this(path, (byte*)pin.Pointer, bytes.Length, isMapped: false)
    {
        _memory = memory;
        _bytes = bytes;
        _pin = pin;
    }

    /// <summary>A file that exists in memory only; the bytes are used where they are.</summary>
    /// <param name="path">What it is called.</param>
    /// <param name="memory">The file.</param>
    /// <param name="bytes">What it gave when it was read.</param>
    public static MappedFile FromMemory(string path, MemoryFile memory, ReadOnlyMemory<byte> bytes) => bytes.IsEmpty
        ? new MappedFile(path, Allocate(0), 0, isMapped: false)
        : new MappedFile(path, memory, bytes, bytes.Pin()) { MayShortenCode = memory.MayShortenCode };

    /// <summary>A part of the file; the caller has checked that it lies inside.</summary>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        if ((ulong)offset > (ulong)Length || (uint)length > (ulong)(Length - offset))
            throw new ArgumentOutOfRangeException(nameof(offset));
        return new ReadOnlySpan<byte>(Pointer + offset, length);
    }

    /// <summary>Gives the memory back. No span and no name of this file may be used afterwards.</summary>
    public void Release()
    {
        if (Pointer is null)
            return;
        if (_memory is not null)
        {
            _pin.Dispose();
            _memory.Release(_bytes);
        }
        else if (_isMapped)
        {
            NativeFile.Unmap(Pointer, Length);
        }
        else
        {
            NativeMemory.Free(Pointer);
        }
        Pointer = null;
        Length = 0;
    }

    private static MappedFile? TryOpenNative(string path, out string? error)
    {
        int descriptor = NativeFile.OpenForReading(path);
        if (descriptor < 0)
        {
            error = NativeFile.LastError();
            return null;
        }
        try
        {
            // Not a file size for pipes (-1), /proc files (0) and directories (anything): those are read to their end.
            long size = NativeFile.SeekToEnd(descriptor);
            if (size > ReadLimit && NativeFile.TryMapForReading(descriptor, size, out byte* mapped))
            {
                error = null;
                return new MappedFile(path, mapped, size, isMapped: true);
            }
            return ReadToEnd(path, descriptor, Math.Clamp(size, 0, ReadLimit), isSeekable: size >= 0, out error);
        }
        finally
        {
            NativeFile.Close(descriptor);
        }
    }

    private static MappedFile? ReadToEnd(string path, int descriptor, long expectedSize, bool isSeekable, out string? error)
    {
        // One byte more than expected, so that a file that has just that size needs no second buffer to see its end.
        nuint capacity = (nuint)expectedSize + 1;
        byte* buffer = Allocate((long)capacity);
        nuint length = 0;
        while (true)
        {
            nint count = NativeFile.Read(descriptor, buffer + length, capacity - length, isSeekable ? (long)length : null);
            if (count < 0)
            {
                error = NativeFile.LastError();
                NativeMemory.Free(buffer);
                return null;
            }
            length += (nuint)count;
            // A file that gives what its size promised is not asked again: that is one system call less per input.
            if (count == 0 || (expectedSize > 0 && length == (nuint)expectedSize && expectedSize < ReadLimit))
                break;
            if (length == capacity)
                buffer = (byte*)NativeMemory.Realloc(buffer, capacity = Math.Max(capacity * 2, PipeBlock));
        }
        error = null;
        return new MappedFile(path, buffer, (long)length, isMapped: false);
    }

    private static MappedFile? TryOpenPortable(string path, out string? error)
    {
        try
        {
            if (Directory.Exists(path))
            {
                error = "Is a directory";
                return null;
            }
            using SafeFileHandle handle = File.OpenHandle(path);
            long length = RandomAccess.GetLength(handle);
            byte* buffer = Allocate(length);
            long read = 0;
            while (read < length)
            {
                int count = RandomAccess.Read(handle, new Span<byte>(buffer + read, (int)Math.Min(length - read, 1 << 30)), read);
                if (count == 0)
                    break;
                read += count;
            }
            error = null;
            return new MappedFile(path, buffer, read, isMapped: false);
        }
        catch (Exception exception) when (NativeFile.IsFileError(exception))
        {
            error = NativeFile.Describe(exception);
            return null;
        }
    }

    private static byte* Allocate(long size) => (byte*)NativeMemory.Alloc((nuint)Math.Max(size, 1));
}
