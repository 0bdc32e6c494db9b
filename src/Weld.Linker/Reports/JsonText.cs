using System.Globalization;
using System.Text;

namespace Weld.Linker.Reports;

/// <summary>Writes the little JSON that reports need.</summary>
public static class JsonText
{
    /// <summary>Appends a string with its quotes.</summary>
    public static StringBuilder AppendJson(this StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char character in text)
        {
            if (character is '"' or '\\')
                json.Append('\\').Append(character);
            else if (character < ' ')
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                json.Append(character);
        }
        return json.Append('"');
    }

    /// <summary>Appends <c>"name":"text"</c> and a comma; nothing for null.</summary>
    public static StringBuilder AppendMember(this StringBuilder json, string name, string? text) =>
        text is null ? json : json.AppendJson(name).Append(':').AppendJson(text).Append(',');

    /// <summary>Appends <c>"name":number</c> and a comma.</summary>
    public static StringBuilder AppendMember(this StringBuilder json, string name, long number) =>
        json.AppendJson(name).Append(':').Append(CultureInfo.InvariantCulture, $"{number}").Append(',');

    /// <summary>Ends an object or array: the last comma is replaced by the bracket.</summary>
    public static StringBuilder End(this StringBuilder json, char bracket)
    {
        if (json[^1] == ',')
            json.Length--;
        return json.Append(bracket);
    }
}
