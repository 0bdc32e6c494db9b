using System.Globalization;
using System.Text;
using Weld.Mir.Intrinsics;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir;

/// <summary>MIR as text, for <c>--emit=mir</c> and for tests: one instruction a line, indented by block.</summary>
public sealed class MirListing
{
    private readonly Func<MirReference, string?> _nameOf;
    private readonly MirSignaturePool? _signatures;
    private readonly StringBuilder _text = new();

    /// <param name="nameOf">The name of what code refers to; null for those without one.</param>
    /// <param name="signatures">The function types; null to print their numbers.</param>
    public MirListing(Func<MirReference, string?>? nameOf = null, MirSignaturePool? signatures = null)
    {
        _nameOf = nameOf ?? (static _ => null);
        _signatures = signatures;
    }

    public static string Print(MirFunction function, string name, Func<MirReference, string?>? nameOf = null, MirSignaturePool? signatures = null)
    {
        var listing = new MirListing(nameOf, signatures);
        listing.Add(function, name);
        return listing.ToString();
    }

    public void Add(MirFunction function, string name)
    {
        ArgumentNullException.ThrowIfNull(function);
        Line(0, $"function {name} {Name(function.Signature)}");
        if (function.Locals.Length > function.ParameterCount)
            Line(1, $"local {string.Join(", ", function.Locals.Skip(function.ParameterCount).Select((type, i) => $"%{function.ParameterCount + i} {ValueTypes.Name(type)}"))}");
        MirFrame frame = function.Frame;
        if (frame.Exists)
            Line(1, $"frame {frame.Size} bytes, align {1L << frame.AlignmentLog2}, base %{frame.Base.Index}{(frame.IsOveraligned ? $", saved %{frame.Saved.Index}" : "")}");
        int depth = 1;
        int position = 0;
        for (int i = 0; i < function.Instructions.Length; i++)
        {
            for (; position < function.Positions.Length && function.Positions[position].Instruction == i; position++)
                Line(depth, $"; {function.Positions[position].File}:{function.Positions[position].Line}:{function.Positions[position].Column}");
            MirInstruction instruction = function.Instructions[i];
            if (instruction.Opcode is MirOpcode.End or MirOpcode.Else or MirOpcode.Catch or MirOpcode.CatchAll or MirOpcode.Delegate)
                depth--;
            Line(depth, MirOpcodeTable.Mnemonic(instruction.Opcode) + Operands(function, instruction));
            if (Opens(instruction.Opcode))
                depth++;
        }
    }

    public override string ToString() => _text.ToString();

    private static bool Opens(MirOpcode opcode) =>
        MirOpcodeTable.Encoding(opcode) == MirEncoding.BlockType || opcode is MirOpcode.TryTable or MirOpcode.Else or MirOpcode.Catch or MirOpcode.CatchAll;

    private string Operands(MirFunction function, MirInstruction instruction)
    {
        ReadOnlySpan<uint> extra = function.Extra.AsSpan();
        int first = (int)instruction.Operand;
        return MirOpcodeTable.Encoding(instruction.Opcode) switch
        {
            MirEncoding.Local => $" %{first}",
            MirEncoding.Index or MirEncoding.Lane => Invariant($" {instruction.Operand}"),
            MirEncoding.TwoIndexes => Invariant($" {instruction.Operand} {instruction.Detail}"),
            MirEncoding.I32 or MirEncoding.Signed => Invariant($" {first}"),
            MirEncoding.I64 => Invariant($" {(instruction.Detail == 0 ? first : unchecked((long)Long(extra, first)))}"),
            MirEncoding.F32 => Invariant($" {BitConverter.UInt32BitsToSingle(instruction.Operand):R}"),
            MirEncoding.F64 => Invariant($" {BitConverter.UInt64BitsToDouble(Long(extra, first)):R}"),
            MirEncoding.Bytes16 => Invariant($" 0x{Long(extra, first + 2):x16}{Long(extra, first):x16}"),
            MirEncoding.ValueTypes => $" {ValueTypes.Name((ValueType)instruction.Operand)}",
            MirEncoding.BlockType => BlockType(instruction),
            MirEncoding.LabelTable => " " + string.Join(' ', extra.Slice(first + 1, (int)extra[first] + 1).ToArray()),
            MirEncoding.Raw => " " + string.Join(' ', extra.Slice(first + 1, (int)extra[first]).ToArray()),
            MirEncoding.Memory or MirEncoding.MemoryLane => Access(instruction, extra),
            MirEncoding.Function => $" {Name(new MirFunctionId(first))}",
            MirEncoding.Global => $" {Name(new MirGlobalId(first))}",
            MirEncoding.Tag => $" {Name(new MirTagId(first))}",
            MirEncoding.Signature or MirEncoding.SignatureAndTable => $" {Name(new MirSignatureId(first))}",
            MirEncoding.Symbolic => SymbolicOperands(instruction, extra),
            _ => "",
        };
    }

    private string BlockType(MirInstruction instruction) =>
        (instruction.Detail & MirInstruction.SignatureBlock) != 0 ? $" {Name(new MirSignatureId((int)instruction.Operand))}"
        : instruction.Operand == MirInstruction.EmptyBlock ? ""
        : $" {ValueTypes.Name((ValueType)instruction.Operand)}";

    private string Access(MirInstruction instruction, ReadOnlySpan<uint> extra)
    {
        int first = (int)instruction.Operand;
        string lane = MirOpcodeTable.Encoding(instruction.Opcode) == MirEncoding.MemoryLane ? $" {instruction.Detail >> 8 & 0xf}" : "";
        string offset = instruction.HasSymbolicOffset
            ? $" offset={Name(new MirReference((MirReferenceKind)extra[first], (int)extra[first + 1]))}{Addend(extra[first + 2])}"
            : instruction.Operand == 0 ? "" : Invariant($" offset={instruction.Operand}");
        string alignment = MirOpcodeTable.Row(instruction.Opcode)!.SizeLog2 == instruction.AlignmentLog2 ? "" : Invariant($" align={1u << instruction.AlignmentLog2}");
        return offset + alignment + lane;
    }

    private string SymbolicOperands(MirInstruction instruction, ReadOnlySpan<uint> extra)
    {
        int operand = (int)instruction.Operand;
        return instruction.Opcode switch
        {
            MirOpcode.FunctionSlot => $" {Name(new MirFunctionId(operand))}",
            MirOpcode.DataAddress or MirOpcode.TlsOffset => $" {Name(new MirDataId((int)extra[operand]))}{Addend(extra[operand + 1])}",
            MirOpcode.ConstantAddress => Invariant($" {Name(new MirConstantId((int)extra[operand]))}{Addend(extra[operand + 1])} align={1u << instruction.AlignmentLog2}"),
            MirOpcode.CallIntrinsic => $" {IntrinsicTable.Get((Intrinsic)operand).Symbol}",
            MirOpcode.CallTagName => $" {Name(new MirEnumId(operand))}",
            MirOpcode.FrameAddress => Invariant($" {instruction.Operand}"),
            _ => "",
        };
    }

    private string Name(MirReference reference)
    {
        if (reference.Kind == MirReferenceKind.Signature && _signatures is not null)
            return _signatures[new MirSignatureId(reference.Id)].ToString();
        if (reference == MirGlobalId.StackPointer)
            return "__stack_pointer";
        if (reference == MirGlobalId.TlsBase)
            return "__tls_base";
        return _nameOf(reference) is { } name ? $"@{name}" : $"{reference.Kind.ToString().ToLowerInvariant()}#{reference.Id}";
    }

    private void Line(int depth, string text) => _text.Append(' ', Math.Max(depth, 0) * 2).Append(text).Append('\n');

    private static string Addend(uint addend) => addend == 0 ? "" : Invariant($"{unchecked((int)addend):+0;-0}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static ulong Long(ReadOnlySpan<uint> extra, int first) => extra[first] | (ulong)extra[first + 1] << 32;
}
