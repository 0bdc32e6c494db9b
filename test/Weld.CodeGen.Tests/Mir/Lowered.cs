using Weld.Mir;
using Weld.Mir.Lowering;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.CodeGen.Tests.Mir;

/// <summary>Builds one function and lowers it with numbers that tests choose.</summary>
internal static class Lowered
{
    public static byte[] Bytes(Action<MirBuilder> build, ValueType[]? parameters = null, IMirResolver? resolver = null, bool is64 = false)
    {
        var builder = new MirBuilder(is64);
        builder.Begin(default, parameters ?? []);
        build(builder);
        return Bytes(builder.Build(), resolver);
    }

    public static byte[] Bytes(MirFunction function, IMirResolver? resolver = null)
    {
        var output = new WasmWriter();
        new MirLowering(new FinalOperands(resolver ?? new SmallNumbers(), function.Is64)).Lower(function, output);
        return output.ToArray();
    }

    public static Instruction First(Action<MirBuilder> build)
    {
        // Two locals more than the numbers that the tests use.
        var reader = new InstructionReader(Bytes(build, [ValueType.I32, ValueType.I32, ValueType.I32]));
        reader.ReadLocals();
        return reader.Read();
    }

    /// <summary>The instructions as mnemonics with their first number.</summary>
    public static string[] Text(byte[] body)
    {
        var reader = new InstructionReader(body);
        reader.ReadLocals();
        List<string> lines = [];
        while (!reader.AtEnd)
        {
            Instruction instruction = reader.Read();
            lines.Add(instruction.Opcode.Immediate switch
            {
                ImmediateKind.None => instruction.Opcode.Mnemonic,
                ImmediateKind.I32 or ImmediateKind.I64 or ImmediateKind.Memory => $"{instruction.Opcode.Mnemonic} {instruction.Value}",
                ImmediateKind.BlockType => instruction.Opcode.Mnemonic,
                _ => $"{instruction.Opcode.Mnemonic} {instruction.Index}",
            });
        }
        return [.. lines];
    }

    /// <summary>Every index is the front end's number, every address a hundred times that.</summary>
    public sealed class SmallNumbers : IMirResolver
    {
        public uint ErrorCount => 3;

        public ulong Resolve(MirUse use, MirReference target) => use is MirUse.Index or MirUse.Slot ? (ulong)target.Id : (ulong)target.Id * 100;
    }

    public sealed class FixedAddress(ulong address) : IMirResolver
    {
        public uint ErrorCount => 0;

        public ulong Resolve(MirUse use, MirReference target) => address;
    }
}
