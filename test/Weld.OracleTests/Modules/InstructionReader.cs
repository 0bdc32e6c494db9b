using System.Text;

namespace Weld.OracleTests.Modules;

/// <summary>Turns instructions into text in which every index is replaced by what it means: callee and
/// global labels, signatures, segment names. Constants stay, because layouts must be equal.</summary>
public sealed class InstructionReader(Module module, ByteReader reader)
{
    private readonly StringBuilder _text = new();

    /// <summary>A function body: locals, then one instruction per line.</summary>
    public string Body()
    {
        _text.Append("locals");
        for (uint left = reader.Unsigned(); left > 0; left--)
            _text.Append($" {reader.Unsigned()}x{TypeText.ValueType(reader)}");
        _text.Append('\n');
        while (!reader.AtEnd)
            Instruction();
        return _text.ToString();
    }

    /// <summary>A constant expression, up to and with its end.</summary>
    public string Expression()
    {
        byte opcode;
        do
            opcode = Instruction();
        while (opcode != 0x0b);
        return _text.ToString().Replace("\n", "; ", StringComparison.Ordinal).Replace("; end; ", "", StringComparison.Ordinal);
    }

    private byte Instruction()
    {
        byte opcode = reader.Byte();
        _text.Append(opcode switch
        {
            0x0b => "end",
            0x02 or 0x03 or 0x04 or 0x06 => $"block{opcode:x2} {TypeText.Block(reader, module)}",
            0x07 or 0x08 => $"{(opcode == 0x07 ? "catch" : "throw")} {Tag(reader.Unsigned())}",
            0x09 or 0x0c or 0x0d or 0x18 => $"br{opcode:x2} {reader.Unsigned()}",
            0x0e => $"br_table {Labels()}",
            0x10 => $"call {module.FunctionLabel(reader.Unsigned())}",
            0x12 => $"return_call {module.FunctionLabel(reader.Unsigned())}",
            0x11 or 0x13 => $"call_indirect{opcode:x2} {Signature(reader.Unsigned())} in {Table(reader.Unsigned())}",
            0x14 or 0x15 => $"call_ref{opcode:x2} {Signature(reader.Unsigned())}",
            0x1c => $"select {ValueTypes()}",
            0x1f => $"try_table {TypeText.Block(reader, module)}{Catches()}",
            0x20 or 0x21 or 0x22 => $"local{opcode:x2} {reader.Unsigned()}",
            0x23 or 0x24 => $"global.{(opcode == 0x23 ? "get" : "set")} {module.GlobalLabel(reader.Unsigned())}",
            0x25 or 0x26 => $"table{opcode:x2} {Table(reader.Unsigned())}",
            >= 0x28 and <= 0x3e => $"memory{opcode:x2} {MemoryArgument()}",
            0x3f or 0x40 => $"memory{opcode:x2} {reader.Unsigned()}",
            0x41 or 0x42 => $"i{(opcode == 0x41 ? 32 : 64)}.const {reader.Signed()}",
            0x43 => $"f32.const {Convert.ToHexString(reader.Bytes(4))}",
            0x44 => $"f64.const {Convert.ToHexString(reader.Bytes(8))}",
            0xd0 => $"ref.null {reader.Signed()}",
            0xd2 => $"ref.func {module.FunctionLabel(reader.Unsigned())}",
            0xfc => Miscellaneous(reader.Unsigned()),
            0xfd => Vector(reader.Unsigned()),
            0xfe => Atomic(reader.Unsigned()),
            _ => $"{opcode:x2}",
        });
        _text.Append('\n');
        return opcode;
    }

    private string Miscellaneous(uint code) => $"fc{code:x2}" + code switch
    {
        8 => $" {Segment(reader.Unsigned())} {reader.Unsigned()}",
        9 => $" {Segment(reader.Unsigned())}",
        10 => $" {reader.Unsigned()} {reader.Unsigned()}",
        11 => $" {reader.Unsigned()}",
        12 => $" elem {reader.Unsigned()} {Table(reader.Unsigned())}",
        13 => $" elem {reader.Unsigned()}",
        14 => $" {Table(reader.Unsigned())} {Table(reader.Unsigned())}",
        >= 15 and <= 17 => $" {Table(reader.Unsigned())}",
        _ => "",
    };

    private string Vector(uint code) => $"fd{code:x2}" + code switch
    {
        <= 11 or 92 or 93 => $" {MemoryArgument()}",
        12 or 13 => $" {Convert.ToHexString(reader.Bytes(16))}",
        >= 21 and <= 34 => $" {reader.Byte()}",
        >= 84 and <= 91 => $" {MemoryArgument()} {reader.Byte()}",
        _ => "",
    };

    private string Atomic(uint code) => $"fe{code:x2}" + (code == 3 ? $" {reader.Byte()}" : $" {MemoryArgument()}");

    private string MemoryArgument()
    {
        uint alignment = reader.Unsigned();
        string memory = (alignment & 0x40) != 0 ? $" memory {reader.Unsigned()}" : "";
        return $"align {alignment & ~0x40u} offset {reader.UnsignedLong()}{memory}";
    }

    private string Labels()
    {
        var labels = new List<uint>();
        for (uint left = reader.Unsigned() + 1; left > 0; left--)
            labels.Add(reader.Unsigned());
        return string.Join(' ', labels);
    }

    private string ValueTypes()
    {
        var types = new List<string>();
        for (uint left = reader.Unsigned(); left > 0; left--)
            types.Add(TypeText.ValueType(reader));
        return string.Join(' ', types);
    }

    private string Catches()
    {
        var catches = new List<string>();
        for (uint left = reader.Unsigned(); left > 0; left--)
        {
            byte kind = reader.Byte();
            catches.Add($" catch{kind} {(kind < 2 ? Tag(reader.Unsigned()) : "")} {reader.Unsigned()}");
        }
        return string.Concat(catches);
    }

    private string Signature(uint index) => index < module.Types.Count ? module.Types[(int)index] : $"type[{index}] (out of range)";
    private string Table(uint index) => index < module.Tables.Count ? module.Tables[(int)index].Label : $"table[{index}] (out of range)";
    private string Tag(uint index) => index < module.Tags.Count ? module.Tags[(int)index].Label : $"tag[{index}] (out of range)";
    private string Segment(uint index) => index < module.Data.Count ? module.Data[(int)index].Name ?? $"data[{index}]" : $"data[{index}]";
}
