using Weld.Base;

namespace Weld.Linker.Inputs;

/// <summary>The bytes of one input: a file, or a member of an archive. Mapped or read once, never moved, never written.</summary>
public sealed unsafe class InputFile
{
    public InputFile(string name, string? archiveName, byte* bytes, int length)
    {
        Name = name;
        ArchiveName = archiveName;
        Start = bytes;
        Length = length;
    }

    /// <summary>The path, or the member's name.</summary>
    public string Name { get; }

    /// <summary>The archive's path; null for a file of its own.</summary>
    public string? ArchiveName { get; }

    /// <summary>Whether numbers in its code may be as short as they can be, though no option asks for it.</summary>
    public bool MayShortenCode { get; init; }

    public byte* Start { get; }

    public int Length { get; }

    public ReadOnlySpan<byte> Bytes => new(Start, Length);

    /// <summary><c>file</c> or <c>archive(member)</c>, as in messages.</summary>
    public string DisplayName => ArchiveName is null ? Name : $"{ArchiveName}({Name})";

    /// <summary>Where a name is that lies in the file.</summary>
    public uint OffsetOf(Utf8String name) => (uint)(name.Pointer - Start);

    public Utf8String Slice(uint offset, uint length) => new(Start + offset, (int)length);

    public override string ToString() => DisplayName;
}
