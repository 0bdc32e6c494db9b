using System.Globalization;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Text;

/// <summary>Assembles the items of a data segment, a custom section or a raw section.</summary>
internal sealed class ItemAssembler(TextScanner scanner, ObjectModel model, bool isCustomSection)
{
    private readonly OperandEncoder _operands = new(scanner, model);
    private readonly RelocatableBytes _target = new();

    // The symbol whose size is the distance to the next label.
    private ObjectSymbol? _open;

    public RelocatableBytes Run(Block block)
    {
        scanner.Position = block.BlockStart;
        while (!scanner.Accept("}"))
        {
            if (scanner.Peek(1).Is(":"))
                PlaceLabel();
            else
                AssembleItem();
        }
        CloseSymbol();
        return _target;
    }

    private void PlaceLabel()
    {
        CloseSymbol();
        ObjectSymbol symbol = model.Symbols[model.SymbolByName[scanner.ExpectName()]];
        scanner.Expect(":");
        ulong? size = DeclarationParts.ParseAttributes(scanner).Size;
        symbol.Offset = (ulong)_target.Writer.Length;
        symbol.Size = size ?? 0;
        _open = size is null ? symbol : null;
    }

    private void CloseSymbol()
    {
        if (_open is not null)
            _open.Size = (ulong)_target.Writer.Length - _open.Offset;
        _open = null;
    }

    private void AssembleItem()
    {
        string keyword = scanner.ExpectName();
        switch (keyword)
        {
            case "i8" or "i16" or "leb" or "sleb" or "padded":
                while (scanner.AtNumber)
                    WriteNumber(keyword, scanner.ExpectNumber());
                break;
            case "i32":
                WriteOperands(isCustomSection ? OperandPlace.Custom32 : OperandPlace.Data32);
                break;
            case "i64":
                WriteOperands(isCustomSection ? OperandPlace.Custom64 : OperandPlace.Data64);
                break;
            case "f32":
                _target.Writer.WriteU32(BitConverter.SingleToUInt32Bits(ParseFloat<float>()));
                break;
            case "f64":
                ulong bits = BitConverter.DoubleToUInt64Bits(ParseFloat<double>());
                _target.Writer.WriteU32((uint)bits);
                _target.Writer.WriteU32((uint)(bits >> 32));
                break;
            case "zero":
                _target.Writer.WriteBytes(new byte[(int)scanner.ExpectNumber()]);
                break;
            case "bytes":
                WriteHexBytes(scanner, _target.Writer);
                break;
            case "ascii" or "asciz" or "name":
                WriteText(keyword);
                break;
            default:
                scanner.Position--;
                throw scanner.Error($"unknown item '{keyword}'");
        }
    }

    public static void WriteHexBytes(TextScanner scanner, WasmWriter writer)
    {
        while (scanner.Current is { Kind: TokenKind.Word, Text.Length: 2 } token && !scanner.Peek(1).Is(":") &&
            byte.TryParse(token.Text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
        {
            writer.WriteByte(value);
            scanner.Next();
        }
    }

    private void WriteOperands(OperandPlace place)
    {
        do
            _operands.Write(_target, place);
        while (scanner.AtNumber || (_operands.AtSymbol && !scanner.Peek(1).Is(":")) || scanner.Current.Text.EndsWith("@section", StringComparison.Ordinal));
    }

    private void WriteNumber(string keyword, long number)
    {
        switch (keyword)
        {
            case "i8":
                _target.Writer.WriteByte((byte)number);
                break;
            case "i16":
                _target.Writer.WriteBytes([(byte)number, (byte)(number >> 8)]);
                break;
            case "leb":
                _target.Writer.WriteLebU64((ulong)number);
                break;
            case "padded":
                _target.Writer.WritePaddedLebU32((uint)number);
                break;
            default:
                _target.Writer.WriteLebS64(number);
                break;
        }
    }

    private void WriteText(string keyword)
    {
        while (scanner.Current.Kind == TokenKind.String)
        {
            byte[] text = scanner.Next().Bytes;
            if (keyword == "name")
                _target.Writer.WriteLebU32((uint)text.Length);
            _target.Writer.WriteBytes(text);
            if (keyword == "asciz")
                _target.Writer.WriteByte(0);
        }
    }

    private T ParseFloat<T>()
        where T : IParsable<T> =>
        T.TryParse(scanner.Next().Text, CultureInfo.InvariantCulture, out T? value) ? value : throw scanner.Error("a number expected");
}
