using System.Globalization;
using System.Text;
using Weld.Fuzz.Inputs;

namespace Weld.Fuzz.Mutation;

/// <summary>Changes to archives: headers, names, the index, and the members themselves with sizes that fit.</summary>
public static class ArchiveMutators
{
    private const int HeaderSize = 60;
    private const int SizeField = 48;

    private static readonly string[] Names =
    [
        "/", "//", "/0", "/99999", "/-1", "/0:0", "/0:99999999", "/18446744073709551615", "#1/4", "#1/99999999", "__.SYMDEF", "/SYM64/", "", "..", "a/b/", "\0\0\0",
    ];

    private static readonly string[] Sizes = ["0", "1", "-1", "59", "60", "4294967295", "4294967296", "9999999999", "", "abc", "1 2", "0x10"];

    public static bool IsArchive(byte[] bytes) => bytes.AsSpan().StartsWith("!<arch>\n"u8) || bytes.AsSpan().StartsWith("!<thin>\n"u8);

    public static byte[] Mutate(byte[] archive, Func<byte[], byte[]> mutateMember, Dice dice)
    {
        List<int> headers = FindHeaders(archive);
        if (headers.Count == 0)
            return archive;
        byte[] result = [.. archive];
        int header = dice.Pick(headers);
        switch (dice.Below(6))
        {
            case 0:
                Put(result, header, 16, dice.Pick(Names));
                return result;
            case 1:
                Put(result, header + SizeField, 10, dice.OneIn(2) ? dice.Pick(Sizes) : dice.Below(archive.Length * 2).ToString(CultureInfo.InvariantCulture));
                return result;
            case 2:
                // A member again, or less, or elsewhere.
                int other = dice.Pick(headers);
                int end = EndOf(archive, header);
                byte[] member = archive[header..end];
                return dice.OneIn(2)
                    ? [.. archive.AsSpan(0, other), .. member, .. archive.AsSpan(other)]
                    : [.. archive.AsSpan(0, header), .. archive.AsSpan(end)];
            case 3:
                result[header + dice.Below(HeaderSize)] = dice.Byte();
                return result;
            default:
                return ReplaceMember(archive, header, mutateMember);
        }
    }

    private static byte[] ReplaceMember(byte[] archive, int header, Func<byte[], byte[]> mutate)
    {
        int end = EndOf(archive, header);
        int start = header + HeaderSize;
        if (end <= start)
            return archive;
        byte[] member = mutate(archive[start..end]);
        byte[] newHeader = archive[header..start];
        Put(newHeader, SizeField, 10, member.Length.ToString(CultureInfo.InvariantCulture));
        byte[] padding = member.Length % 2 == 0 ? [] : "\n"u8.ToArray();
        return [.. archive.AsSpan(0, header), .. newHeader, .. member, .. padding, .. archive.AsSpan(Math.Min(archive.Length, end + (end & 1)))];
    }

    private static List<int> FindHeaders(byte[] archive)
    {
        var headers = new List<int>();
        for (int at = 8; at + HeaderSize <= archive.Length;)
        {
            headers.Add(at);
            int end = EndOf(archive, at);
            at = end + (end & 1);
        }
        return headers;
    }

    private static int EndOf(byte[] archive, int header)
    {
        string text = Encoding.ASCII.GetString(archive, header + SizeField, 10).Trim();
        bool isThin = archive[2] == 't';
        long size = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed) ? parsed : 0;
        // A thin archive holds the bytes of its tables only.
        if (isThin && archive[header] != '/')
            size = 0;
        return (int)Math.Min(archive.Length, header + HeaderSize + size);
    }

    private static void Put(byte[] bytes, int at, int length, string text)
    {
        byte[] field = Encoding.Latin1.GetBytes(text.PadRight(length)[..length]);
        field.CopyTo(bytes.AsSpan(at));
    }
}
