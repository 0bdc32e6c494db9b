using System.Globalization;
using System.Text;

namespace Weld.Air.Text;

/// <summary>What is between quotes, as bytes or as a name, in both directions.</summary>
/// <remarks>Escapes: <c>\n \t \r \\ \"</c>, <c>\xNN</c> for a byte, <c>\u{N}</c> for a character.</remarks>
internal static class StringLiteral
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="quoted">With the quotes.</param>
    /// <param name="bytes">What it means.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? TryParse(ReadOnlySpan<char> quoted, out byte[] bytes)
    {
        ReadOnlySpan<char> rest = quoted[1..^1];
        var result = new List<byte>(rest.Length);
        bytes = [];
        Span<byte> utf8 = stackalloc byte[4];
        while (!rest.IsEmpty)
        {
            if (rest[0] == '\\')
            {
                if (!TryEscape(ref rest, result))
                    return @"an escape is \n, \t, \r, \\, \"", \xNN or \u{N}";
                continue;
            }
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
                return "half of a surrogate pair";
            result.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            rest = rest[length..];
        }
        bytes = [.. result];
        return null;
    }

    public static string? TryParseName(ReadOnlySpan<char> quoted, out string name)
    {
        name = "";
        if (TryParse(quoted, out byte[] bytes) is { } error)
            return error;
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            return "a name must be UTF-8";
        name = Strict.GetString(bytes);
        return null;
    }

    public static void Print(StringBuilder output, ReadOnlySpan<byte> bytes)
    {
        output.Append('"');
        foreach (byte value in bytes)
            PrintByte(output, value);
        output.Append('"');
    }

    /// <summary>As characters where they can be read; the rest escaped.</summary>
    public static void PrintName(StringBuilder output, string name)
    {
        output.Append('"');
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (rune.IsAscii)
                PrintByte(output, (byte)rune.Value);
            else if (Rune.IsLetterOrDigit(rune))
                output.Append(rune);
            else
                output.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
        output.Append('"');
    }

    private static void PrintByte(StringBuilder output, byte value)
    {
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                output.Append('\\').Append((char)value);
                break;
            case (byte)'\n':
                output.Append("\\n");
                break;
            case >= 0x20 and < 0x7f:
                output.Append((char)value);
                break;
            default:
                output.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
                break;
        }
    }

    private static bool TryEscape(ref ReadOnlySpan<char> rest, List<byte> result)
    {
        char kind = rest.Length > 1 ? rest[1] : '\0';
        int simple = kind switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '\\' => '\\',
            '"' => '"',
            _ => -1,
        };
        if (simple >= 0)
        {
            result.Add((byte)simple);
            rest = rest[2..];
            return true;
        }
        if (kind == 'x' && rest.Length >= 4 && byte.TryParse(rest[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
        {
            result.Add(value);
            rest = rest[4..];
            return true;
        }
        return kind == 'u' && TryCharacter(ref rest, result);
    }

    private static bool TryCharacter(ref ReadOnlySpan<char> rest, List<byte> result)
    {
        int end = rest.IndexOf('}');
        if (end is < 4 or > 10 || rest[2] != '{'
            || !int.TryParse(rest[3..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || !Rune.IsValid(code))
            return false;
        Span<byte> utf8 = stackalloc byte[4];
        result.AddRange(utf8[..new Rune(code).EncodeToUtf8(utf8)]);
        rest = rest[(end + 1)..];
        return true;
    }
}
