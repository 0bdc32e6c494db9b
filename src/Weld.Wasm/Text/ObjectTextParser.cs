using Weld.Wasm.Linking;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Text;

/// <summary>Reads the declarations of object text. Bodies are skipped here: they may name symbols that come later.</summary>
internal sealed class ObjectTextParser(TextScanner scanner)
{
    private readonly ObjectModel _model = new();

    public ObjectModel Run()
    {
        while (!scanner.AtEnd)
            ParseStatement(scanner.Next());
        return _model;
    }

    private void ParseStatement(Token keyword)
    {
        switch (keyword.Text)
        {
            case "import":
                ParseImport(scanner.Next());
                break;
            case "func":
                ParseFunction();
                break;
            case "global" or "table" or "tag":
                ParseDefinition(keyword.Text);
                break;
            case "data":
                ParseSegment();
                break;
            case "custom":
                ParseCustomSection();
                break;
            case "alias" or "absolute":
                ParseAlias(isAbsolute: keyword.Text == "absolute");
                break;
            case "init":
                _model.InitFunctions.Add(((uint)scanner.ExpectNumber(), scanner.ExpectName()));
                break;
            case "memory":
                ParseMemory();
                break;
            case "features":
                ParseFeatures();
                break;
            case "producers":
                ParseProducers();
                break;
            default:
                ParseRaw(keyword);
                break;
        }
    }

    /// <summary>The statements that make malformed objects.</summary>
    private void ParseRaw(Token keyword)
    {
        switch (keyword.Text)
        {
            case "linking":
                _model.LinkingVersion = scanner.Accept("none") ? null : (uint)scanner.ExpectNumber();
                break;
            case "section":
                _model.RawSections.Add(ParseRawBlock());
                break;
            case "subsection":
                _model.RawSubsections.Add(ParseRawBlock());
                break;
            case "symbol":
                _model.RawSymbols.Add(new Block("", 0, new Attributes(), StartBlock()));
                break;
            case "reloc":
                string section = scanner.ExpectName();
                var kind = (byte)scanner.ExpectNumber();
                var offset = (uint)scanner.ExpectNumber();
                var index = (uint)scanner.ExpectNumber();
                _model.RawRelocations.Add((section, new RawRelocation(kind, offset, index, scanner.AtNumber ? scanner.ExpectNumber() : 0)));
                break;
            case "type":
                _model.InternType(DeclarationParts.ParseSignature(scanner));
                break;
            case "truncate":
                _model.Truncate = (int)scanner.ExpectNumber();
                break;
            default:
                scanner.Position--;
                throw scanner.Error($"unknown statement '{keyword.Text}'");
        }
    }

    private Block ParseRawBlock() => new("", (byte)scanner.ExpectNumber(), new Attributes(), StartBlock());

    private void ParseImport(Token kind)
    {
        string name = scanner.ExpectName();
        switch (kind.Text)
        {
            case "data":
                AddSymbol(SymbolKind.Data, name, ParseAttributes().Flags | SymbolFlags.Undefined);
                break;
            case "func":
                AddImport(ExternalKind.Function, SymbolKind.Function, name, type: _model.InternType(DeclarationParts.ParseSignature(scanner)));
                break;
            case "tag":
                AddImport(ExternalKind.Tag, SymbolKind.Tag, name, type: _model.InternType(DeclarationParts.ParseSignature(scanner)));
                break;
            case "global":
                AddImport(ExternalKind.Global, SymbolKind.Global, name, global: ParseGlobalType());
                break;
            case "table":
                AddImport(ExternalKind.Table, SymbolKind.Table, name, table: ParseTableType());
                break;
            default:
                throw scanner.Error($"cannot import a '{kind.Text}'");
        }
    }

    private void AddImport(ExternalKind kind, SymbolKind symbolKind, string name, uint type = 0, GlobalType global = default, TableType table = default)
    {
        Attributes attributes = ParseAttributes();
        List<Declaration> imports = _model.Imports[kind];
        if (!attributes.HasNoSymbol)
        {
            SymbolFlags flags = attributes.Flags | SymbolFlags.Undefined | (attributes.Field is null ? 0 : SymbolFlags.ExplicitName);
            AddSymbol(symbolKind, name, flags).Index = (uint)imports.Count;
        }
        imports.Add(new Declaration(name, type, global, table, attributes, 0));
    }

    private void ParseFunction()
    {
        string name = scanner.ExpectName();
        uint type = _model.InternType(DeclarationParts.ParseSignature(scanner));
        Attributes attributes = ParseAttributes();
        uint index = Define(ExternalKind.Function, SymbolKind.Function, new Declaration(name, type, default, default, attributes, StartBlock()));
        if (attributes.Comdat is { } comdat)
            _model.AddToComdat(comdat, new ComdatEntry(ComdatKind.Function, index));
        if (attributes.Export is { } export)
            _model.Exports.Add((export, index));
    }

    private void ParseDefinition(string kind)
    {
        string name = scanner.ExpectName();
        switch (kind)
        {
            case "global":
                GlobalType type = ParseGlobalType();
                Attributes attributes = ParseAttributes();
                Define(ExternalKind.Global, SymbolKind.Global, new Declaration(name, 0, type, default, attributes, StartBlock()));
                break;
            case "table":
                TableType table = ParseTableType();
                Define(ExternalKind.Table, SymbolKind.Table, new Declaration(name, 0, default, table, ParseAttributes(), 0));
                break;
            default:
                uint tag = _model.InternType(DeclarationParts.ParseSignature(scanner));
                Define(ExternalKind.Tag, SymbolKind.Tag, new Declaration(name, tag, default, default, ParseAttributes(), 0));
                break;
        }
    }

    /// <returns>The index among the definitions; imports, which may still follow, come before them.</returns>
    private uint Define(ExternalKind kind, SymbolKind symbolKind, Declaration declaration)
    {
        List<Declaration> definitions = _model.Definitions[kind];
        var index = (uint)definitions.Count;
        definitions.Add(declaration);
        if (!declaration.Attributes.HasNoSymbol)
        {
            SymbolFlags exported = declaration.Attributes.Export is null ? 0 : SymbolFlags.Exported;
            AddSymbol(symbolKind, declaration.Name, declaration.Attributes.Flags | exported).Index = index;
        }
        return index;
    }

    private void ParseSegment()
    {
        string name = scanner.ExpectName();
        Attributes attributes = ParseAttributes();
        var index = (uint)_model.Segments.Count;
        int start = StartBlock(skip: false);
        DeclareLabels(index);
        _model.Segments.Add(new Block(name, 0, attributes, start));
        if (attributes.Comdat is { } comdat)
            _model.AddToComdat(comdat, new ComdatEntry(ComdatKind.Data, index));
    }

    private void DeclareLabels(uint segment)
    {
        while (!scanner.Current.Is("}"))
        {
            if (scanner.AtEnd)
                throw scanner.Error("'}' is missing");
            bool isLabel = scanner.Peek(1).Is(":");
            string name = scanner.Next().Text;
            if (!isLabel)
                continue;
            scanner.Expect(":");
            AddSymbol(SymbolKind.Data, name, ParseAttributes().Flags).Index = segment;
        }
        scanner.Next();
    }

    private void ParseCustomSection()
    {
        string name = scanner.ExpectName();
        Attributes attributes = ParseAttributes();
        _model.CustomSections.Add(new Block(name, 0, attributes, StartBlock()));
    }

    private void ParseAlias(bool isAbsolute)
    {
        string name = scanner.ExpectName();
        scanner.Expect("=");
        if (isAbsolute)
        {
            var value = (ulong)scanner.ExpectNumber();
            Attributes attributes = ParseAttributes();
            ObjectSymbol symbol = AddSymbol(SymbolKind.Data, name, attributes.Flags | SymbolFlags.Absolute);
            symbol.Offset = value;
            symbol.Size = attributes.Size ?? 0;
            return;
        }
        string target = scanner.ExpectName();
        if (!_model.SymbolByName.TryGetValue(target, out int index))
            throw scanner.Error($"'{target}' is not declared before its alias");
        ObjectSymbol original = _model.Symbols[index];
        AddSymbol(original.Kind, name, ParseAttributes().Flags).Index = original.Index;
        _model.Aliases.Add((name, target));
    }

    private void ParseMemory()
    {
        _model.Memory = null;
        if (scanner.Accept("none"))
            return;
        var limits = new Limits(LimitsFlags.None, (ulong)scanner.ExpectNumber(), 0);
        if (scanner.AtNumber)
            limits = limits with { Maximum = (ulong)scanner.ExpectNumber(), Flags = LimitsFlags.HasMaximum };
        if (scanner.Accept("shared"))
            limits = limits with { Flags = limits.Flags | LimitsFlags.Shared };
        if (scanner.Accept("i64"))
            limits = limits with { Flags = limits.Flags | LimitsFlags.Is64 };
        _model.Memory = limits;
    }

    private void ParseFeatures()
    {
        while (scanner.Current.Kind == TokenKind.Word && scanner.Current.Text[0] is '+' or '-' or '*')
        {
            string feature = scanner.Next().Text;
            _model.Features.Add((feature[0], feature[1..]));
        }
    }

    private void ParseProducers()
    {
        scanner.Expect("{");
        while (!scanner.Accept("}"))
        {
            string field = scanner.ExpectName();
            var values = new List<(string, string)>();
            while (scanner.Current.Kind == TokenKind.String)
                values.Add((scanner.ExpectName(), scanner.ExpectName()));
            _model.Producers.Add((field, values));
        }
    }

    private GlobalType ParseGlobalType()
    {
        bool isMutable = scanner.Accept("mut");
        return new GlobalType(DeclarationParts.ParseValueType(scanner), isMutable);
    }

    private TableType ParseTableType()
    {
        ValueType element = DeclarationParts.ParseValueType(scanner);
        var limits = new Limits(LimitsFlags.None, (ulong)scanner.ExpectNumber(), 0);
        if (scanner.AtNumber)
            limits = limits with { Maximum = (ulong)scanner.ExpectNumber(), Flags = LimitsFlags.HasMaximum };
        if (scanner.Accept("i64"))
            limits = limits with { Flags = limits.Flags | LimitsFlags.Is64 };
        return new TableType(element, limits);
    }

    private Attributes ParseAttributes() => DeclarationParts.ParseAttributes(scanner);

    private int StartBlock(bool skip = true)
    {
        scanner.Expect("{");
        int start = scanner.Position;
        if (skip)
            scanner.SkipBlock();
        return start;
    }

    private ObjectSymbol AddSymbol(SymbolKind kind, string name, SymbolFlags flags)
    {
        var symbol = new ObjectSymbol(kind, name, flags);
        // Two symbols may share a name (locals, or malformed on purpose); operands mean the first.
        _model.SymbolByName.TryAdd(name, _model.Symbols.Count);
        _model.Symbols.Add(symbol);
        return symbol;
    }
}
