using System.Globalization;
using System.Text;

namespace Weld.Linker.Reports;

/// <summary>Writes a tar archive: ustar, with pax headers for long names. Equal files give equal bytes.</summary>
public sealed class TarWriter(Stream stream)
{
    private const int BlockSize = 512;
    private const int NameField = 100;
    private const int PrefixField = 155;
    private const int PrefixOffset = 345;
    private const int ChecksumOffset = 148;

    public void Add(string name, ReadOnlySpan<byte> contents)
    {
        byte[] path = Encoding.UTF8.GetBytes(name);
        int split = FindSplit(path);
        if (split < 0)
        {
            AddLongName(path);
            WriteHeader("", path.AsSpan(0, NameField), '0', contents.Length);
        }
        else
        {
            WriteHeader(Encoding.UTF8.GetString(path, 0, Math.Max(split - 1, 0)), path.AsSpan(split), '0', contents.Length);
        }
        WriteContents(contents);
    }

    /// <summary>Ends the archive.</summary>
    public void Finish() => stream.Write(new byte[2 * BlockSize]);

    /// <returns>Where the part behind the last slash of the prefix starts; -1 when the name does not fit.</returns>
    private static int FindSplit(byte[] path)
    {
        if (path.Length <= NameField)
            return 0;
        for (int i = Math.Min(path.Length - 1, PrefixField); i > 0; i--)
            if (path[i] == '/' && path.Length - i - 1 <= NameField)
                return i + 1;
        return -1;
    }

    private void AddLongName(byte[] path)
    {
        // The length of a pax record counts its own digits.
        int rest = " path=\n".Length + path.Length;
        int length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
            length++;
        byte[] record = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} path=")), .. path, (byte)'\n'];
        WriteHeader("", "pax"u8, 'x', record.Length);
        WriteContents(record);
    }

    private void WriteHeader(string prefix, ReadOnlySpan<byte> name, char type, long size)
    {
        Span<byte> header = stackalloc byte[BlockSize];
        header.Clear();
        name.CopyTo(header);
        WriteText(header[100..], "0000664");
        WriteText(header[108..], "0000000");
        WriteText(header[116..], "0000000");
        WriteText(header[124..], Convert.ToString(size, 8).PadLeft(11, '0'));
        WriteText(header[136..], "00000000000");
        WriteText(header[156..], type.ToString());
        WriteText(header[257..], "ustar\000");
        Encoding.UTF8.GetBytes(prefix, header[PrefixOffset..]);
        header.Slice(ChecksumOffset, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in header)
            sum += value;
        WriteText(header[ChecksumOffset..], Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ");
        stream.Write(header);
    }

    private void WriteContents(ReadOnlySpan<byte> contents)
    {
        stream.Write(contents);
        int rest = contents.Length % BlockSize;
        if (rest != 0)
            stream.Write(new byte[BlockSize - rest]);
    }

    private static void WriteText(Span<byte> field, string text) => Encoding.ASCII.GetBytes(text, field);
}
