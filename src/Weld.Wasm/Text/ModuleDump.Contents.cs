using System.Globalization;
using System.Text;
using Weld.Base;

namespace Weld.Wasm.Text;

/// <content>Contents of segments and sections, as text or in hexadecimal.</content>
public sealed partial class ModuleDump
{
    /// <summary>Text where all bytes are text, otherwise hexadecimal; long contents end in their length and a hash.</summary>
    private void PrintContents(ReadOnlySpan<byte> contents, string indent)
    {
        const int MostBytes = 1024;
        ReadOnlySpan<byte> shown = contents[..Math.Min(contents.Length, MostBytes)];
        if (IsText(shown))
            PrintText(shown, indent);
        else
            for (int i = 0; i < shown.Length; i += 16)
                Line($"{indent}{SpacedHex(shown[i..Math.Min(i + 16, shown.Length)])}");
        if (contents.Length > MostBytes)
            Line($"{indent}… hash {NameHash.Compute(contents):x}");
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        bool anyLetter = false;
        foreach (byte b in bytes)
        {
            if (b is not (0 or (byte)'\n' or (byte)'\t' or (>= 0x20 and < 0x7f)))
                return false;
            anyLetter |= b >= 0x20;
        }
        return anyLetter;
    }

    // A line per string.
    private void PrintText(ReadOnlySpan<byte> bytes, string indent)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)0);
            end = end < 0 ? bytes.Length : end + 1;
            while (end < bytes.Length && bytes[end] == 0)
                end++;
            Line($"{indent}{Quote(bytes[..end])}");
            bytes = bytes[end..];
        }
    }

    private static string SpacedHex(ReadOnlySpan<byte> bytes) => string.Join(' ', Convert.ToHexStringLower(bytes).Chunk(2).Select(static pair => new string(pair)));

    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte b in bytes)
        {
            if (b is (byte)'"' or (byte)'\\')
                text.Append('\\').Append((char)b);
            else if (b is >= 0x20 and < 0x7f)
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{b:x2}");
        }
        return text.Append('"').ToString();
    }
}
