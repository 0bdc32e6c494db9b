using Weld.Wasm.Linking;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Text;

/// <summary>Reads what declarations of object text have in common: attributes, signatures, value types.</summary>
internal static class DeclarationParts
{
    public static Attributes ParseAttributes(TextScanner scanner)
    {
        var attributes = new Attributes();
        while (ParseAttribute(scanner, attributes))
        {
        }
        return attributes;
    }

    private static bool ParseAttribute(TextScanner scanner, Attributes attributes)
    {
        Token token = scanner.Current;
        if (token.Kind != TokenKind.Word)
            return false;
        if (scanner.Peek(1).Is("="))
            return ParseValueAttribute(scanner, attributes);
        SymbolFlags flag = token.Text switch
        {
            "weak" => SymbolFlags.Weak,
            "local" => SymbolFlags.Local,
            "hidden" => SymbolFlags.Hidden,
            "undefined" => SymbolFlags.Undefined,
            "exported" => SymbolFlags.Exported,
            "explicit_name" => SymbolFlags.ExplicitName,
            "no_strip" => SymbolFlags.NoStrip,
            "tls" => SymbolFlags.Tls,
            "absolute" => SymbolFlags.Absolute,
            _ => SymbolFlags.None,
        };
        // On a segment, tls is the segment's flag.
        SegmentFlags segmentFlag = token.Text switch
        {
            "strings" => SegmentFlags.Strings,
            "tls" => SegmentFlags.Tls,
            "retain" => SegmentFlags.Retain,
            _ => SegmentFlags.None,
        };
        bool isNoSymbol = token.Text == "no_symbol";
        if (flag == 0 && segmentFlag == 0 && !isNoSymbol)
            return false;
        attributes.Flags |= flag;
        attributes.SegmentFlags |= segmentFlag;
        attributes.HasNoSymbol |= isNoSymbol;
        scanner.Next();
        return true;
    }

    private static bool ParseValueAttribute(TextScanner scanner, Attributes attributes)
    {
        string key = scanner.Current.Text;
        if (key is not ("module" or "field" or "export" or "comdat" or "size" or "align"))
            return false;
        scanner.Next();
        scanner.Expect("=");
        switch (key)
        {
            case "module":
                attributes.Module = scanner.ExpectName();
                break;
            case "field":
                attributes.Field = scanner.ExpectName();
                break;
            case "export":
                attributes.Export = scanner.ExpectName();
                break;
            case "comdat":
                attributes.Comdat = scanner.ExpectName();
                break;
            case "size":
                attributes.Size = (ulong)scanner.ExpectNumber();
                break;
            default:
                attributes.Alignment = (uint)scanner.ExpectNumber();
                break;
        }
        return true;
    }

    public static Signature ParseSignature(TextScanner scanner)
    {
        List<ValueType> parameters = ParseTypeList(scanner);
        List<ValueType> results = !scanner.Accept("->") ? []
            : scanner.Current.Is("(") ? ParseTypeList(scanner) : [ParseValueType(scanner)];
        return Signature.Create([.. parameters], [.. results]);
    }

    private static List<ValueType> ParseTypeList(TextScanner scanner)
    {
        var types = new List<ValueType>();
        scanner.Expect("(");
        while (!scanner.Accept(")"))
        {
            types.Add(ParseValueType(scanner));
            scanner.Accept(",");
        }
        return types;
    }

    public static ValueType ParseValueType(TextScanner scanner) =>
        TryParseValueType(scanner) ?? throw scanner.Error($"a value type expected, not '{scanner.Current.Text}'");

    public static ValueType? TryParseValueType(TextScanner scanner)
    {
        ValueType? type = scanner.Current.Text switch
        {
            "i32" => ValueType.I32,
            "i64" => ValueType.I64,
            "f32" => ValueType.F32,
            "f64" => ValueType.F64,
            "v128" => ValueType.V128,
            "funcref" => ValueType.FuncRef,
            "externref" => ValueType.ExternRef,
            "exnref" => ValueType.ExnRef,
            _ => null,
        };
        if (type is not null)
            scanner.Next();
        return type;
    }
}
