using Weld.Mir;
using Weld.Mir.Intrinsics;
using Weld.Wasm.Instructions;
using Xunit;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.CodeGen.Tests.Mir;

public sealed class MirLoweringTests
{
    [Fact]
    public void Locals_are_grouped_by_type_and_renumbered()
    {
        byte[] body = Lowered.Bytes(
            static builder =>
            {
                MirLocal a = builder.NewLocal(ValueType.I32);
                MirLocal b = builder.NewLocal(ValueType.F64);
                MirLocal c = builder.NewLocal(ValueType.I32);
                foreach (MirLocal local in new[] { new MirLocal(0), a, b, c })
                {
                    builder.LocalGet(local);
                    builder.Emit(MirOpcode.Drop);
                }
            },
            [ValueType.I64]);
        var reader = new InstructionReader(body);
        Assert.Equal([new LocalRun(2, -1), new LocalRun(1, -4)], reader.ReadLocals());
        Assert.Equal(["local.get 0", "drop", "local.get 1", "drop", "local.get 3", "drop", "local.get 2", "drop", "end"], Lowered.Text(body));
    }

    [Fact]
    public void Released_locals_are_used_again()
    {
        var builder = new MirBuilder(is64: false);
        builder.Begin(default, []);
        for (int i = 0; i < 100_000; i++)
        {
            MirLocal local = builder.NewLocal(ValueType.I64);
            Assert.NotEqual(local, builder.NewLocal(ValueType.F32));
            builder.Release(local);
            builder.Release(new MirLocal(1));
        }
        Assert.Equal(2, builder.LocalCount);
    }

    [Fact]
    public void A_value_that_was_just_stored_is_not_loaded_again() =>
        Assert.Equal(
            ["i32.const 7", "local.tee 0", "drop", "end"],
            Lowered.Text(Lowered.Bytes(static builder =>
            {
                MirLocal local = builder.NewLocal(ValueType.I32);
                builder.I32Const(7);
                builder.LocalSet(local);
                builder.LocalGet(local);
                builder.Emit(MirOpcode.Drop);
            })));

    [Fact]
    public void A_leaf_without_a_frame_has_no_prologue() =>
        Assert.Equal(["return", "end"], Lowered.Text(Lowered.Bytes(static builder => builder.Return())));

    [Fact]
    public void A_frame_that_grows_later_has_its_final_size_in_the_prologue() =>
        Assert.Equal(
            [
                "global.get 0", "i32.const 32", "i32.sub", "local.tee 0", "global.set 0",
                "local.get 0", "i32.const 4", "i32.add", "drop",
                "local.get 0", "i32.const 32", "i32.add", "global.set 0", "end",
            ],
            Lowered.Text(Lowered.Bytes(static builder =>
            {
                builder.AllocateInFrame(4, 2);
                builder.FrameAddress(builder.AllocateInFrame(1, 0));
                builder.Emit(MirOpcode.Drop);
                Assert.Equal(8u, builder.AllocateInFrame(12, 3));
                builder.Emit(MirOpcode.LeaveFrame);
            })));

    [Fact]
    public void A_frame_aligned_to_more_than_the_stack_keeps_the_old_stack_pointer() =>
        Assert.Equal(
            [
                "global.get 0", "local.tee 1", "i64.const 64", "i64.sub", "i64.const -64", "i64.and", "local.tee 0", "global.set 0",
                "local.get 1", "global.set 0", "return", "end",
            ],
            Lowered.Text(Lowered.Bytes(
                static builder =>
                {
                    builder.AllocateInFrame(4, 6);
                    builder.Return();
                },
                is64: true)));

    /// <summary>Zig's linker wrote addresses as unsigned numbers, so 1 MiB became -1 MiB.</summary>
    [Theory]
    [InlineData(0x40ul, "c0 00")]
    [InlineData(0x7ful, "ff 00")]
    [InlineData(0x10_0000ul, "80 80 c0 00")]
    [InlineData(0x7fff_fffful, "ff ff ff ff 07")]
    [InlineData(0x8000_0000ul, "80 80 80 80 78")]
    [InlineData(0xffff_fffful, "7f")]
    public void Addresses_in_constants_are_signed(ulong address, string expected) =>
        Assert.Equal("00 41 " + expected + " 1a 0b", Hex(Lowered.Bytes(Drop(static builder => builder.DataAddress(new MirDataId(0))), resolver: new Lowered.FixedAddress(address))));

    [Theory]
    [InlineData(0x40ul, "40")]
    [InlineData(0x8000_0000ul, "80 80 80 80 08")]
    public void Addresses_in_offsets_are_unsigned(ulong address, string expected) =>
        Assert.Equal(
            "00 41 00 28 02 " + expected + " 1a 0b",
            Hex(Lowered.Bytes(
                Drop(static builder =>
                {
                    builder.I32Const(0);
                    builder.Memory(MirOpcode.I32Load, 2, new MirDataId(0), 0);
                }),
                resolver: new Lowered.FixedAddress(address))));

    [Theory]
    [InlineData(0x8000_0000ul, "80 80 80 80 08")]
    [InlineData(0xffff_ffff_ffff_fff0ul, "70")]
    public void Addresses_of_64_bits(ulong address, string expected) =>
        Assert.Equal("00 42 " + expected + " 1a 0b", Hex(Lowered.Bytes(Drop(static builder => builder.DataAddress(new MirDataId(0))), resolver: new Lowered.FixedAddress(address), is64: true)));

    [Theory]
    [InlineData(0, "00")]
    [InlineData(63, "3f")]
    [InlineData(64, "c0 00")]
    [InlineData(-64, "40")]
    [InlineData(int.MinValue, "80 80 80 80 78")]
    [InlineData(int.MaxValue, "ff ff ff ff 07")]
    public void I32_constants(int value, string expected) =>
        Assert.Equal("00 41 " + expected + " 1a 0b", Hex(Lowered.Bytes(Drop(builder => builder.I32Const(value)))));

    [Theory]
    [InlineData(0x8000_0000L, "80 80 80 80 08")]
    [InlineData(-0x8000_0001L, "ff ff ff ff 77")]
    [InlineData(long.MinValue, "80 80 80 80 80 80 80 80 80 7f")]
    public void I64_constants(long value, string expected) =>
        Assert.Equal("00 42 " + expected + " 1a 0b", Hex(Lowered.Bytes(Drop(builder => builder.I64Const(value)))));

    [Fact]
    public void Branches_count_blocks_outwards() =>
        Assert.Equal(
            ["block", "loop", "br 0", "br 1", "br 2", "end", "end", "end"],
            Lowered.Text(Lowered.Bytes(static builder =>
            {
                MirLabel block = builder.Block();
                MirLabel loop = builder.Loop();
                builder.Branch(loop);
                builder.Branch(block);
                builder.Branch(new MirLabel(0));
                builder.End();
                builder.End();
            })));

    [Fact]
    public void What_is_named_gets_its_number() =>
        Assert.Equal(
            ["call 5", "i32.const 6", "i32.const 707", "i32.const 796", "call_indirect 3", "call 0", "i32.const 3", "global.get 1", "i32.const 900", "i32.add", "unreachable", "end"],
            Lowered.Text(Lowered.Bytes(static builder =>
            {
                builder.Call(new MirFunctionId(5));
                builder.FunctionSlot(new MirFunctionId(6));
                builder.DataAddress(new MirDataId(7), 7);
                builder.ConstantAddress(new MirConstantId(8), 2, -4);
                builder.CallIndirect(new MirSignatureId(3));
                builder.CallIntrinsic(Intrinsic.Multi3);
                builder.ErrorCount();
                builder.TlsAddress(new MirDataId(9));
                builder.Emit(MirOpcode.Unreachable);
            })));

    [Fact]
    public void Places_in_the_source_are_known_by_offset()
    {
        var builder = new MirBuilder(is64: false);
        builder.Begin(default, []);
        builder.SetPosition(0, 1, 1);
        builder.SetPosition(0, 2, 1);
        builder.I32Const(1);
        builder.SetPosition(0, 3, 4);
        builder.Emit(MirOpcode.Drop);
        MirFunction function = builder.Build();
        var lowering = new Weld.Mir.Lowering.MirLowering(new Weld.Mir.Lowering.FinalOperands(new Lowered.SmallNumbers(), is64: false)) { Lines = [] };
        var output = new Weld.Wasm.Binary.WasmWriter();
        output.WriteByte(0xff);
        lowering.Lower(function, output);
        Assert.Equal([(1, 2), (3, 3)], lowering.Lines.Select(static line => (line.Offset, line.Position.Line)));
    }

    [Fact]
    public void A_listing_reads_like_the_text_format()
    {
        var builder = new MirBuilder(is64: false);
        var signatures = new MirSignaturePool();
        builder.Begin(signatures.Add([ValueType.I32], [ValueType.I32]), [ValueType.I32]);
        MirLocal local = builder.NewLocal(ValueType.I64);
        uint slot = builder.AllocateInFrame(8, 3);
        builder.Block(ValueType.I32);
        builder.FrameAddress(slot);
        builder.LocalGet(local);
        builder.Memory(MirOpcode.I64Store, 3, 16);
        builder.LocalGet(new MirLocal(0));
        builder.Memory(MirOpcode.I32Load, 0, new MirDataId(2), -4);
        builder.CallIndirect(signatures.Add([], []));
        builder.Call(new MirFunctionId(1));
        builder.End();
        builder.Return();
        Assert.Equal(
            """
            function f (i32) -> i32
              local %1 i64, %2 i32
              frame 8 bytes, align 16, base %2
              block i32
                frame_address 0
                local.get %1
                i64.store offset=16
                local.get %0
                i32.load offset=data#2-4 align=1
                call_indirect () -> void
                call @g
              end
              leave_frame
              return
            end

            """,
            MirListing.Print(builder.Build(), "f", static reference => reference.Kind == MirReferenceKind.Function ? "g" : null, signatures));
    }

    private static Action<MirBuilder> Drop(Action<MirBuilder> push) => builder =>
    {
        push(builder);
        builder.Emit(MirOpcode.Drop);
    };

    private static string Hex(byte[] bytes) => string.Join(' ', bytes.Select(static b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
