using System.Text;
using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;

namespace Weld.Linker.Inputs;

/// <summary>The list of members of an <c>ar</c> archive: GNU, BSD, Darwin, COFF and thin.</summary>
/// <remarks>Symbol indexes are skipped, whatever their format: members are judged by their own symbols. Nothing of a member
/// is read here. Every offset is 64 bits wide; archives may be larger than 2 GiB, members may not.</remarks>
public sealed class Archive
{
    private const int MagicSize = 8;
    private const int HeaderSize = 60;
    private const int SizeField = 48;
    private const int SizeFieldLength = 10;
    private const int TerminatorField = 58;
    private const int NameFieldLength = 16;
    private const int DarwinAlignment = 8;

    // No file system takes longer paths. Without a limit, many members could share one endless name.
    private const int NameLimit = 32 * 1024;

    private readonly List<ArchiveMember> _members = [];
    private long _longNamesOffset;
    private long _longNamesLength = -1;

    private Archive(MappedFile file, bool isThin)
    {
        File = file;
        IsThin = isThin;
    }

    public MappedFile File { get; }

    /// <summary>Whether the members are files of their own, at <see cref="GetPath"/>.</summary>
    public bool IsThin { get; }

    /// <summary>The members in file order, symbol indexes and name tables left out.</summary>
    public IReadOnlyList<ArchiveMember> Members => _members;

    /// <summary>Lists the members of <paramref name="file"/>.</summary>
    /// <exception cref="MalformedInputException">The file is not a well-formed archive.</exception>
    public static Archive Read(MappedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        InputKind kind = file.Length < MagicSize ? InputKind.Unknown : InputKindSniffer.Sniff(file.Span(0, MagicSize));
        if (kind is not (InputKind.Archive or InputKind.ThinArchive))
            throw new MalformedInputException("not an archive", 0);
        var archive = new Archive(file, kind == InputKind.ThinArchive);
        long position = MagicSize;
        while (position < file.Length)
            position = archive.ReadMember(position);
        return archive;
    }

    /// <summary>The path of a thin archive's member, or of the archive that has it when it is nested.</summary>
    public string GetPath(ArchiveMember member)
    {
        string name = member.Name;
        string? directory = Path.GetDirectoryName(File.Path);
        return Path.IsPathRooted(name) || string.IsNullOrEmpty(directory) ? name : Path.Join(directory, name);
    }

    /// <summary>Finds the member whose header is at <paramref name="headerOffset"/>; for nested thin archives.</summary>
    public ArchiveMember? FindAt(long headerOffset)
    {
        int low = 0;
        int high = _members.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            ArchiveMember member = _members[middle];
            if (member.HeaderOffset == headerOffset)
                return member;
            if (member.HeaderOffset < headerOffset)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    /// <returns>The position of the next header.</returns>
    private long ReadMember(long position)
    {
        if (File.Length - position < HeaderSize)
            throw new MalformedInputException($"archive member header is cut off: {File.Length - position} of {HeaderSize} bytes", position);
        ReadOnlySpan<byte> header = File.Span(position, HeaderSize);
        if (header[TerminatorField] != '`' || header[TerminatorField + 1] != '\n')
            throw new MalformedInputException("archive member header does not end in '`\\n'", position + TerminatorField);
        long size = ParseDecimal(header.Slice(SizeField, SizeFieldLength), "archive member size", position + SizeField);
        ReadOnlySpan<byte> name = NameOf(header[..NameFieldLength]);
        long data = position + HeaderSize;

        bool isSpecial = IsSpecial(name);
        bool isStored = !IsThin || isSpecial;
        if (isStored && size > File.Length - data)
            throw new MalformedInputException($"archive member of {size} bytes is larger than the {File.Length - data} bytes that are left", position + SizeField);
        if (name.SequenceEqual("//"u8))
            (_longNamesOffset, _longNamesLength) = (data, size);
        else if (!isSpecial)
            AddMember(name, position, data, size);

        if (!isStored)
            return data;
        long end = data + size;
        return end + (end & 1);
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> field)
    {
        // GNU ar leaves the '/' of a name of 15 bytes in the last column when it replaces that name by a reference.
        int end = field[0] == '/' ? field.IndexOf((byte)' ') : -1;
        return end < 0 ? field.TrimEnd((byte)' ') : field[..end];
    }

    /// <summary>Symbol indexes and the table of long names. COFF has two indexes of the same name.</summary>
    private static bool IsSpecial(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("/"u8) || name.SequenceEqual("//"u8) || name.SequenceEqual("/SYM64/"u8)
        || (name.StartsWith("/<"u8) && name.EndsWith(">/"u8));

    private void AddMember(ReadOnlySpan<byte> name, long position, long data, long size)
    {
        long nestedOffset = 0;
        Utf8String fullName;
        if (name.StartsWith("#1/"u8))
        {
            fullName = ReadBsdName(name, position, data, size, out int nameSize);
            data += nameSize;
            size = WithoutPadding(data, size - nameSize);
        }
        else if (name.StartsWith("/"u8))
        {
            fullName = ReadLongName(name[1..], position + 1, out nestedOffset);
        }
        else
        {
            fullName = NameAt(position, name.EndsWith("/"u8) ? name.Length - 1 : name.Length);
        }
        // The index of BSD archives is an ordinary member, the first one.
        if (position == MagicSize && fullName.StartsWith("__.SYMDEF"u8))
            return;
        if (size > int.MaxValue)
            throw new MalformedInputException($"archive member {fullName} has {size} bytes; the limit is 2 GiB", position + SizeField);
        _members.Add(new ArchiveMember(fullName, position, IsThin ? 0 : data, size, nestedOffset));
    }

    /// <summary><c>#1/LENGTH</c>: the name is the start of the member's data, filled up with NUL.</summary>
    private Utf8String ReadBsdName(ReadOnlySpan<byte> name, long position, long data, long size, out int nameSize)
    {
        long length = ParseDecimal(name[3..], "archive member name length", position + 3);
        if (IsThin)
            throw new MalformedInputException("BSD member name in a thin archive", position);
        if (length > size)
            throw new MalformedInputException($"archive member name of {length} bytes is larger than the member of {size} bytes", position + 3);
        nameSize = CheckNameLength(length, position);
        return NameAt(data, File.Span(data, nameSize).TrimEnd((byte)0).Length);
    }

    /// <summary>Darwin's tools fill members up to a multiple of eight with newlines and count those as content, which a reader of wasm
    /// would take for sections. (wasm-ld 22 does, and refuses such archives or crashes.)</summary>
    private long WithoutPadding(long data, long size)
    {
        if (size is < MagicSize or > int.MaxValue || File.Span(data + size - 1, 1)[0] != '\n' || InputKindSniffer.Sniff(File.Span(data, MagicSize)) != InputKind.WasmObject)
            return size;
        ReadOnlySpan<byte> sections = File.Span(data + MagicSize, (int)size - MagicSize);
        var reader = new WasmReader(sections);
        try
        {
            while (!reader.AtEnd && !IsPadding(sections[reader.Position..]))
            {
                reader.ReadByte();
                reader.Skip(reader.ReadLebU32());
            }
            return size - reader.Remaining;
        }
        catch (MalformedInputException)
        {
            return size;   // The reader of objects will say what is wrong.
        }
    }

    /// <summary>No section is so short and all newlines: that would be an id, a size of ten, and ten bytes.</summary>
    private static bool IsPadding(ReadOnlySpan<byte> bytes) => bytes.Length < DarwinAlignment && !bytes.ContainsAnyExcept((byte)'\n');

    /// <summary><c>/OFFSET</c> into the table of long names, or <c>/OFFSET:MEMBER</c> for a member of an archive that a thin archive lists.</summary>
    private Utf8String ReadLongName(ReadOnlySpan<byte> reference, long position, out long nestedOffset)
    {
        nestedOffset = 0;
        int colon = reference.IndexOf((byte)':');
        if (colon >= 0)
        {
            if (!IsThin)
                throw new MalformedInputException("reference to a nested archive outside a thin archive", position + colon);
            nestedOffset = ParseDecimal(reference[(colon + 1)..], "offset in the nested archive", position + colon + 1);
            reference = reference[..colon];
        }
        long offset = ParseDecimal(reference, "offset of a long archive member name", position);
        if (_longNamesLength < 0)
            throw new MalformedInputException("long archive member name before the table of long names", position);
        if (offset >= _longNamesLength)
            throw new MalformedInputException($"offset {offset} of a long archive member name is outside the table of {_longNamesLength} bytes", position);

        long start = _longNamesOffset + offset;
        long left = _longNamesLength - offset;
        ReadOnlySpan<byte> rest = File.Span(start, (int)Math.Min(left, NameLimit));
        // GNU ends each name with "/\n", COFF with NUL.
        int end = rest.IndexOfAny((byte)'\n', (byte)0);
        if (end < 0)
            throw new MalformedInputException(left > NameLimit ? $"archive member name is longer than {NameLimit} bytes" : "long archive member name has no end", start);
        return NameAt(start, end > 0 && rest[end] == '\n' && rest[end - 1] == '/' ? end - 1 : end);
    }

    private static int CheckNameLength(long length, long position) => length <= NameLimit
        ? (int)length
        : throw new MalformedInputException($"archive member name is longer than {NameLimit} bytes", position);

    private unsafe Utf8String NameAt(long offset, int length) => new(File.Pointer + offset, length);

    /// <summary>Digits, then spaces to the end of the field.</summary>
    private static long ParseDecimal(ReadOnlySpan<byte> field, string what, long position)
    {
        ReadOnlySpan<byte> digits = field.TrimEnd((byte)' ');
        long value = 0;
        foreach (byte b in digits)
        {
            if (b is < (byte)'0' or > (byte)'9')
                throw new MalformedInputException($"{what} is not a decimal number: '{Printable(digits)}'", position);
            value = (value * 10) + (b - '0');
        }
        // At most 16 digits fit into a header, so the value cannot overflow.
        return digits.Length > 0 ? value : throw new MalformedInputException($"{what} is missing", position);
    }

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte b in bytes)
            text.Append(b is >= 0x20 and < 0x7f ? (char)b : '?');
        return text.ToString();
    }
}
