using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Weld.Air.Text;
using Weld.TestSupport;

namespace Weld.Air.Tests.Text;

/// <summary>The tables and examples of docs/air.md and README.md are those of the code.</summary>
public sealed partial class ManualTests
{
    private static readonly string Manual = Repository.Path("docs", "air.md");
    private static readonly string Readme = Repository.Path("README.md");

    [Fact]
    public void Instructions_are_those_of_the_table() => Check(Manual, "instructions", InstructionTables());

    [Fact]
    public void The_example_of_the_manual_compiles() => Check(Manual, "example", Example("GcdExample.cs"));

    [Fact]
    public void The_graph_of_the_manual_compiles() => Check(Manual, "graph", Example("CollatzExample.cs"));

    [Fact]
    public void The_example_of_the_readme_compiles() => Check(Readme, "example", Example("GcdExample.cs"));

    [Fact]
    public void The_texts_of_the_manual_can_be_parsed()
    {
        MatchCollection texts = AirBlock().Matches(File.ReadAllText(Manual));
        Assert.NotEmpty(texts);
        Assert.All(texts, match => Assert.Equal(match.Groups[1].Value, AirText.Print(Parsing.Succeeds(match.Groups[1].Value))));
    }

    /// <summary>Compares a part of a page with what it should be; WELD_BLESS=1 rewrites it.</summary>
    internal static void Check(string page, string part, string expected)
    {
        string text = File.ReadAllText(page);
        string start = $"<!-- {part} -->\n";
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        int to = text.IndexOf("<!-- end -->", from, StringComparison.Ordinal);
        Assert.True(from > start.Length && to >= from, $"{page} has no part {part}");
        if (Environment.GetEnvironmentVariable("WELD_BLESS") == "1")
        {
            text = text[..from] + expected + text[to..];
            File.WriteAllText(page, text);
            return;
        }
        Assert.Equal(expected, text[from..to]);
    }

    private static string Example(string file)
    {
        string source = File.ReadAllText(Repository.Path("test", "Weld.Air.Tests", "Building", file));
        string[] lines = source[source.IndexOf("// example\n", StringComparison.Ordinal)..source.IndexOf("        // end", StringComparison.Ordinal)].TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 10, 25);
        return $"```cs\n{string.Join('\n', lines[1..].Select(line => line.Length > 8 ? line[8..] : ""))}\n```\n";
    }

    private static string InstructionTables()
    {
        var page = new StringBuilder();
        foreach (IGrouping<OpcodeGroup, OpcodeInfo> group in AirOpcodeTable.All.ToArray().Where(row => row.Opcode != AirOpcode.Arg).GroupBy(row => row.Group))
        {
            page.Append(CultureInfo.InvariantCulture, $"### {Title(group.Key)}\n\n| instruction | T | result | meaning |\n|---|---|---|---|\n");
            foreach (OpcodeInfo row in group)
                page.Append(CultureInfo.InvariantCulture, $"| `{Form(row)}` | {Subject(row)} | {Result(row)} | {row.Meaning} |\n");
            page.Append('\n');
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string Title(OpcodeGroup group) => group switch
    {
        OpcodeGroup.ErrorUnion => "Error unions",
        OpcodeGroup.Control => "Control flow",
        OpcodeGroup.Compare => "Comparison",
        OpcodeGroup.Float => "Float functions",
        OpcodeGroup.Arithmetic or OpcodeGroup.Memory => $"{group}",
        OpcodeGroup.Machine => "The machine",
        OpcodeGroup.Debug => "For debuggers",
        OpcodeGroup.Bits => "Bits",
        _ => $"{group}s",
    };

    private static string Form(OpcodeInfo row)
    {
        var form = new StringBuilder(row.Name);
        if (row.IsLabel)
            form.Append(" %label");
        form.Append(row.Written switch { WrittenType.None => "", WrittenType.ResultUnlessVoid => " T?", _ => " T" });
        bool isCall = row.Result == ResultRule.CallResult;
        for (int i = 0; i < row.Operands.Length; i++)
        {
            OperandSpec operand = row.Operands[i];
            string before = i == 0 ? " " : ", ";
            form.Append(operand.Kind switch
            {
                OperandKind.Values when isCall => $"({operand.Name}…)",
                OperandKind.Values => $"{before}{operand.Name}…",
                OperandKind.Lanes => $"{before}[{operand.Name}…]",
                OperandKind.Body when i > 0 && operand.Name == "else" => " else { … }",
                OperandKind.Body => " { … }",
                OperandKind.Cases => " { case … { … } else { … } }",
                OperandKind.Label => $"{before}%{operand.Name}",
                _ => before + operand.Name,
            });
        }
        return form.ToString();
    }

    private static string Subject(OpcodeInfo row)
    {
        if (row.Written == WrittenType.None)
            return "";
        if (row.Written == WrittenType.ResultPointee)
            return "pointee";
        var parts = new List<string>();
        foreach (SubjectClass flag in Enum.GetValues<SubjectClass>())
        {
            bool isOne = BitOperations.IsPow2((int)flag) && flag is not (SubjectClass.Any or SubjectClass.Scalar or SubjectClass.Vector);
            if (isOne && row.Class.HasFlag(flag))
                parts.Add(flag switch { SubjectClass.ErrorSet => "error set", SubjectClass.ErrorUnion => "error union", _ => flag.ToString().ToLowerInvariant() });
        }
        string text = string.Join(", ", parts);
        if (row.Class.HasFlag(SubjectClass.Vector))
            text = text.Length == 0 ? "vector" : $"vector of {text}";
        if (row.Class.HasFlag(SubjectClass.Scalar))
            text += "; no vector";
        if (row.Written == WrittenType.Operand)
            text = $"of {row.Operands.First(operand => operand.Type == OperandTypeRule.Subject).Name}: {text}";
        return text.Length == 0 ? "any" : text;
    }

    private static string Result(OpcodeInfo row) => row.Result switch
    {
        ResultRule.Written when row.Written == WrittenType.ResultPointee => "`*T`",
        ResultRule.Written or ResultRule.Subject => "T",
        ResultRule.Void => "",
        ResultRule.NoReturn => "`noreturn`",
        ResultRule.SubjectBools => "bool for each lane",
        ResultRule.SubjectAndOverflow => "`tuple { T, u1 }`",
        ResultRule.SubjectMagnitude => "T without sign",
        ResultRule.SubjectOptional => "`?T`",
        ResultRule.SubjectElement => "lane of T",
        ResultRule.CallResult => "the function's",
        _ => $"`{row.Result.ToString().ToLowerInvariant()}`",
    };

    [GeneratedRegex("^```air\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex AirBlock();
}
