using System.Globalization;
using System.Text;

namespace Weld.Air.Text;

/// <summary>Prints a module in its one canonical text form.</summary>
internal sealed partial class ModulePrinter(AirModule module, StringBuilder output)
{
    private const int MostColumns = 120;

    public AirModule Module => module;

    public StringBuilder Output => output;

    /// <summary>For printing with comments: where things were, and what was said there.</summary>
    public SourceMap? Positions { get; init; }

    public CommentTable? Comments { get; init; }

    public void Print()
    {
        Comments?.PrintHeader(output);
        if (module.Errors.Count > 0)
            PrintErrors();
        for (int index = TypeId.PredefinedCount; index < module.Types.Count; index++)
            if (module.Types[new TypeId(index)] is NamedType { Name: not null } named)
                PrintDefinition(new TypeId(index), named);
        foreach (AirItem item in module.Items.All())
            Print(item);
        if (module.Exports.Count > 0)
            StartPart();
        for (int number = 0; number < module.Exports.Count; number++)
            PrintExport(module.Exports[number], Positions?.FindExport(number));
        Comments?.PrintBefore(output, null, 0);
    }

    /// <summary>Ends a line, with the comment that was behind it.</summary>
    public void EndLine(int? start)
    {
        Comments?.PrintBehind(output, start);
        output.Append('\n');
    }

    /// <summary>A blank line between parts.</summary>
    private void StartPart()
    {
        if (output.Length > 0)
            output.Append('\n');
    }

    private void PrintErrors()
    {
        StartPart();
        output.Append("errors { ");
        for (int index = 0; index < module.Errors.Count; index++)
            PrintPlainName(output.Append(index == 0 ? "" : ", "), module.Errors[new ErrorId(index)]);
        output.Append(" }\n");
    }

    private void PrintDefinition(TypeId id, NamedType type)
    {
        StartPart();
        int? start = Positions?.Find(id);
        Comments?.PrintBefore(output, start, 0);
        PrintName(output.Append("type "), '$', type.Name!);
        output.Append(" = ");
        PrintContents(type with { Name = null });
        EndLine(start);
    }

    private void Print(AirItem item)
    {
        StartPart();
        Comments?.PrintBefore(output, Positions?.Find(item.Id), 0);
        PrintModifiers(item);
        if (item is AirFunction function)
            new FunctionPrinter(this, function).Print();
        else
            PrintVariable((AirVariable)item);
    }

    private void PrintModifiers(AirItem item)
    {
        if (item.IsExtern)
            output.Append("extern ");
        if (item.Linkage != (item.IsExtern ? Linkage.Strong : Linkage.Internal))
            output.Append(OperatorNames.Print(item.Linkage)).Append(' ');
        if (item.Visibility == Visibility.Hidden)
            output.Append("hidden ");
    }

    private void PrintVariable(AirVariable variable)
    {
        int lineStart = output.Length;
        if (variable.IsThreadLocal)
            output.Append("threadlocal ");
        PrintName(output.Append(variable.IsConst ? "const " : "var "), '@', variable.Name);
        Print(output.Append(": "), variable.Type);
        if (variable.Alignment != 0)
            output.Append(CultureInfo.InvariantCulture, $" align({variable.Alignment})");
        PrintAttributes(variable);
        if (variable.Initial.TryGet(out ValueId initial))
        {
            output.Append(" = ");
            PrintInLines(lineStart, initial, variable.Type);
        }
        EndLine(Positions?.Find(variable.Id));
    }

    public void PrintAttributes(AirItem item)
    {
        PrintAttribute("module", item.ImportModule);
        PrintAttribute("field", item.ImportField);
        PrintAttribute("section", item.Section);
        if (item.Location.File is not { } file)
            return;
        StringLiteral.PrintName(output.Append(" at("), file);
        output.Append(CultureInfo.InvariantCulture, $", {item.Location.Line})");
    }

    private void PrintAttribute(string word, string? text)
    {
        if (text is null)
            return;
        StringLiteral.PrintName(output.Append(' ').Append(word).Append('('), text);
        output.Append(')');
    }

    private void PrintExport(AirExport export, int? start)
    {
        Comments?.PrintBefore(output, start, 0);
        PrintName(output.Append("export "), '@', module.Items[export.Item].Name);
        StringLiteral.PrintName(output.Append(" as "), export.Name);
        if (export.Linkage != Linkage.Strong)
            output.Append(' ').Append(OperatorNames.Print(export.Linkage));
        if (export.Visibility == Visibility.Hidden)
            output.Append(" hidden");
        EndLine(start);
    }

    // ---- Names ----

    public static void PrintName(StringBuilder output, char sign, string name)
    {
        output.Append(sign);
        bool isPlain = name.Length > 0 && !(char.IsAsciiDigit(name[0]) && sign == '%') && !(sign == '@' && name == "Vector") && IsPlain(name, hasDots: true);
        if (isPlain)
            output.Append(name);
        else
            StringLiteral.PrintName(output, name);
    }

    /// <summary>A name without a sign.</summary>
    private static void PrintPlainName(StringBuilder output, string name)
    {
        if (name.Length > 0 && !char.IsAsciiDigit(name[0]) && name != "_" && IsPlain(name, hasDots: false))
            output.Append(name);
        else
            StringLiteral.PrintName(output, name);
    }

    private static bool IsPlain(string name, bool hasDots)
    {
        for (int i = 0; i < name.Length; i++)
        {
            bool isDot = hasDots && name[i] == '.' && i + 1 < name.Length && Lexer.IsWordCharacter(name[i + 1]);
            if (!isDot && !Lexer.IsWordCharacter(name[i]))
                return false;
        }
        return true;
    }
}
