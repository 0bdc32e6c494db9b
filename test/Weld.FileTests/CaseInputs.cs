using System.Text;
using Weld.Wasm.Text;

namespace Weld.FileTests;

/// <summary>Writes the files that a case's sections describe: objects from text, assembler or C; everything else as it stands.</summary>
internal static class CaseInputs
{
    /// <returns>The objects, in the order of the sections.</returns>
    public static List<string> Write(FileTestCase test, string directory)
    {
        var objects = new List<string>();
        foreach (CaseSection section in test.Inputs)
        {
            string path = Path.Combine(directory, section.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string? made = WriteSection(section, directory, path);
            if (made is not null)
                objects.Add(made);
        }
        return objects;
    }

    private static string? WriteSection(CaseSection section, string directory, string path)
    {
        string objectName = Path.ChangeExtension(section.Name, ".o");
        if (section.Arguments.Contains("hex"))
        {
            File.WriteAllBytes(path, ParseHex(section.Text));
            return section.Name.EndsWith(".o", StringComparison.Ordinal) ? section.Name : null;
        }
        if (section.Arguments.Contains("text"))
        {
            File.WriteAllText(path, section.Text);
            return null;
        }
        switch (Path.GetExtension(section.Name))
        {
            case ".o":
                File.WriteAllBytes(path, ObjectText.Assemble(section.Text));
                return section.Name;
            case ".s":
                File.WriteAllText(path, section.Text);
                Tool.Prepare(directory, "llvm-mc-22", [.. Triple(section), "-filetype=obj", section.Name, "-o", objectName, .. section.Arguments]);
                return objectName;
            case ".c" or ".cpp":
                File.WriteAllText(path, section.Text);
                Tool.Prepare(directory, "clang-22", ["--target=wasm32-unknown-unknown", "-c", section.Name, "-o", objectName, .. section.Arguments]);
                return objectName;
            default:
                File.WriteAllText(path, section.Text);
                return null;
        }
    }

    private static string[] Triple(CaseSection section) =>
        section.Arguments.Any(static argument => argument.Contains("triple", StringComparison.Ordinal)) ? [] : ["--triple=wasm32-unknown-unknown"];

    // Comments start with ';'.
    private static byte[] ParseHex(string text)
    {
        var digits = new StringBuilder();
        foreach (string line in text.Split('\n'))
            digits.Append(line.Split(';')[0].Replace(" ", "", StringComparison.Ordinal));
        return Convert.FromHexString(digits.ToString());
    }
}
