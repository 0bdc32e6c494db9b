using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Wasm.Text;

/// <summary>Where an operand stands, which decides the relocation that a plain symbol means.</summary>
internal enum OperandPlace : byte
{
    Index,
    Constant32,
    Constant64,
    MemoryOffset,
    Data32,
    Data64,
    Custom32,
    Custom64,
}

/// <summary>Writes an operand: a number, or <c>name+addend@kind</c>, which leaves a relocation.</summary>
internal sealed class OperandEncoder(TextScanner scanner, ObjectModel model)
{
    /// <summary>Whether the current token names something that is declared.</summary>
    public bool AtSymbol => scanner.Current.Kind is TokenKind.Word or TokenKind.String && model.SymbolByName.ContainsKey(Split(scanner.Current).Name);

    public void Write(RelocatableBytes target, OperandPlace place)
    {
        if (TextScanner.TryParseNumber(scanner.Current, out long number))
        {
            scanner.Next();
            WriteNumber(target.Writer, place, number);
            return;
        }
        (string name, long addend, string? kindName) = Split(scanner.Current);
        if (kindName == "section")
            name = DeclareSectionSymbol(name);
        if (!model.SymbolByName.TryGetValue(name, out int symbol))
            throw scanner.Error($"'{name}' is not declared");
        scanner.Next();
        RelocationKind kind = kindName is null or "section" or "rel" or "tls"
            ? ImpliedKind(place, model.Symbols[symbol], kindName)
            : ParseKind(kindName);
        AddRelocation(target, kind, (uint)symbol, addend);
    }

    /// <summary>Writes the index of a type and leaves a relocation.</summary>
    public void WriteType(RelocatableBytes target)
    {
        uint type = model.InternType(DeclarationParts.ParseSignature(scanner));
        target.Relocations.Add(new RawRelocation((byte)RelocationKind.TypeIndexLeb, (uint)target.Writer.Length, type, 0));
        target.Writer.WritePaddedLebU32(type);
    }

    private static void AddRelocation(RelocatableBytes target, RelocationKind kind, uint symbol, long addend)
    {
        ref readonly RelocationInfo info = ref RelocationTable.Get(kind);
        target.Relocations.Add(new RawRelocation((byte)kind, (uint)target.Writer.Length, symbol, addend));
        Span<byte> placeholder = stackalloc byte[info.Width];
        if (info.IsLeb)
            Leb128.WritePaddedU64(placeholder, 0);
        target.Writer.WriteBytes(placeholder);
    }

    private static void WriteNumber(WasmWriter writer, OperandPlace place, long number)
    {
        switch (place)
        {
            case OperandPlace.Index or OperandPlace.MemoryOffset:
                writer.WriteLebU64((ulong)number);
                break;
            case OperandPlace.Constant32:
                writer.WriteLebS32((int)number);
                break;
            case OperandPlace.Constant64:
                writer.WriteLebS64(number);
                break;
            case OperandPlace.Data32 or OperandPlace.Custom32:
                writer.WriteU32((uint)number);
                break;
            default:
                writer.WriteU32((uint)number);
                writer.WriteU32((uint)(number >> 32));
                break;
        }
    }

    private RelocationKind ImpliedKind(OperandPlace place, ObjectSymbol symbol, string? modifier) => (place, symbol.Kind) switch
    {
        (OperandPlace.Constant32, SymbolKind.Function) => modifier == "rel" ? RelocationKind.TableIndexRelSleb : RelocationKind.TableIndexSleb,
        (OperandPlace.Constant64, SymbolKind.Function) => modifier == "rel" ? RelocationKind.TableIndexRelSleb64 : RelocationKind.TableIndexSleb64,
        (OperandPlace.Constant32, SymbolKind.Data) => modifier switch
        {
            "rel" => RelocationKind.MemoryAddrRelSleb,
            "tls" => RelocationKind.MemoryAddrTlsSleb,
            _ => RelocationKind.MemoryAddrSleb,
        },
        (OperandPlace.Constant64, SymbolKind.Data) => modifier switch
        {
            "rel" => RelocationKind.MemoryAddrRelSleb64,
            "tls" => RelocationKind.MemoryAddrTlsSleb64,
            _ => RelocationKind.MemoryAddrSleb64,
        },
        (OperandPlace.MemoryOffset, _) => model.Is64 ? RelocationKind.MemoryAddrLeb64 : RelocationKind.MemoryAddrLeb,
        (OperandPlace.Data32, SymbolKind.Function) => RelocationKind.TableIndexI32,
        (OperandPlace.Data64, SymbolKind.Function) => RelocationKind.TableIndexI64,
        (OperandPlace.Custom32, SymbolKind.Function) => RelocationKind.FunctionOffsetI32,
        (OperandPlace.Custom64, SymbolKind.Function) => RelocationKind.FunctionOffsetI64,
        (OperandPlace.Data32 or OperandPlace.Custom32, SymbolKind.Data) => RelocationKind.MemoryAddrI32,
        (OperandPlace.Data64 or OperandPlace.Custom64, SymbolKind.Data) => RelocationKind.MemoryAddrI64,
        (OperandPlace.Data32 or OperandPlace.Custom32, SymbolKind.Global) => RelocationKind.GlobalIndexI32,
        (OperandPlace.Data32 or OperandPlace.Custom32, SymbolKind.Section) => RelocationKind.SectionOffsetI32,
        (OperandPlace.Index, SymbolKind.Function) => RelocationKind.FunctionIndexLeb,
        (OperandPlace.Index, SymbolKind.Global) => RelocationKind.GlobalIndexLeb,
        (OperandPlace.Index, SymbolKind.Tag) => RelocationKind.TagIndexLeb,
        (OperandPlace.Index, SymbolKind.Table) => RelocationKind.TableNumberLeb,
        _ => throw scanner.Error($"'{symbol.Name}' cannot be used here without a relocation kind"),
    };

    private RelocationKind ParseKind(string name)
    {
        for (int i = 0; i < RelocationTable.Count; i++)
        {
            string full = RelocationTable.Get((RelocationKind)i).Name;
            if (full == name || full["R_WASM_".Length..] == name)
                return (RelocationKind)i;
        }
        throw scanner.Error($"unknown relocation kind '{name}'");
    }

    private string DeclareSectionSymbol(string section)
    {
        string name = "section " + section;
        if (model.SymbolByName.ContainsKey(name))
            return name;
        int index = model.CustomSections.FindIndex(block => block.Name == section);
        if (index < 0)
            throw scanner.Error($"there is no custom section '{section}'");
        model.SymbolByName.Add(name, model.Symbols.Count);
        model.Symbols.Add(new ObjectSymbol(SymbolKind.Section, name, SymbolFlags.Local) { Index = (uint)index });
        return name;
    }

    private static (string Name, long Addend, string? Kind) Split(Token token)
    {
        if (token.Kind == TokenKind.String)
            return (token.Text, 0, null);
        string name = token.Text;
        string? kind = null;
        int at = name.IndexOf('@', StringComparison.Ordinal);
        if (at > 0)
            (name, kind) = (name[..at], name[(at + 1)..]);
        int sign = name.LastIndexOfAny(['+', '-']);
        if (sign > 0 && TextScanner.TryParseNumber(new Token(TokenKind.Word, name[sign..], token.Line), out long addend))
            return (name[..sign], addend, kind);
        return (name, 0, kind);
    }
}
