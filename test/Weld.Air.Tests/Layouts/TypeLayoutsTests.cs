namespace Weld.Air.Tests.Layouts;

public sealed class TypeLayoutsTests
{
    private readonly AirModule _module = new();

    private TypeTable Types => _module.Types;

    [Theory]
    [InlineData(1, 1, Representation.I32)]
    [InlineData(8, 1, Representation.I32)]
    [InlineData(9, 2, Representation.I32)]
    [InlineData(17, 4, Representation.I32)]
    [InlineData(33, 8, Representation.I64)]
    [InlineData(64, 8, Representation.I64)]
    [InlineData(65, 16, Representation.Memory)]
    [InlineData(129, 32, Representation.Memory)]
    [InlineData(65535, 8192, Representation.Memory)]
    public void Integers(int bits, int size, Representation representation)
    {
        foreach (TypeId type in new[] { Types.Unsigned(bits), Types.Signed(bits) })
            Check(type, size, Math.Min(size, 16), representation);
    }

    [Fact]
    public void Scalars()
    {
        Check(TypeId.Void, 0, 1, Representation.None);
        Check(TypeId.Bool, 1, 1, Representation.I32);
        Check(TypeId.F16, 2, 2, Representation.I32);
        Check(TypeId.F32, 4, 4, Representation.F32);
        Check(TypeId.F64, 8, 8, Representation.F64);
        Check(TypeId.F80, 16, 16, Representation.Memory);
        Check(TypeId.F128, 16, 16, Representation.Memory);
        Check(TypeId.AnyError, 2, 2, Representation.I32);
        Check(TypeId.Usize, 4, 4, Representation.I32);
        Check(TypeId.Usize, 8, 8, Representation.I64, AirTarget.Wasm64);
        Check(Types.Pointer(TypeId.U8), 8, 8, Representation.I64, AirTarget.Wasm64);
        Check(Types.Slice(TypeId.U8), 8, 4, Representation.Memory);
        Check(Types.Slice(TypeId.U8), 16, 8, Representation.Memory, AirTarget.Wasm64);
    }

    [Fact]
    public void Optionals()
    {
        Check(Types.Optional(Types.Pointer(TypeId.U8)), 4, 4, Representation.I32);
        Check(Types.Optional(Types.Slice(TypeId.U8)), 8, 4, Representation.Memory);
        Check(Types.Optional(TypeId.AnyError), 2, 2, Representation.I32);
        Check(Types.Optional(TypeId.Void), 1, 1, Representation.I32);
        Assert.Equal(4ul, Check(Types.Optional(TypeId.U32), 8, 4, Representation.Memory).TagOffset);
        Check(Types.Optional(Types.Intern(new PointerType(TypeId.U8) { IsAllowZero = true })), 8, 4, Representation.Memory);
        Check(Types.Optional(Types.Optional(Types.Pointer(TypeId.U8))), 8, 4, Representation.Memory);
    }

    [Fact]
    public void Error_unions()
    {
        Check(Types.ErrorUnion(TypeId.AnyError, TypeId.Void), 2, 2, Representation.I32);
        TypeLayout small = Check(Types.ErrorUnion(TypeId.AnyError, TypeId.U8), 4, 2, Representation.Memory);
        Assert.Equal((0ul, 2ul), (small.TagOffset, small.PayloadOffset));
        TypeLayout large = Check(Types.ErrorUnion(TypeId.AnyError, TypeId.U64), 16, 8, Representation.Memory);
        Assert.Equal((8ul, 0ul), (large.TagOffset, large.PayloadOffset));
    }

    [Fact]
    public void Structs()
    {
        AirField[] fields = [new("a", TypeId.U8), new("b", TypeId.U32), new("c", TypeId.U8), new("d", TypeId.U16)];
        TypeLayout auto = Check(Struct(ContainerLayout.Auto, fields), 8, 4, Representation.Memory);
        Assert.Equal([6, 0, 7, 4], auto.FieldOffsets);
        TypeLayout asInC = Check(Struct(ContainerLayout.Extern, fields), 12, 4, Representation.Memory);
        Assert.Equal([0, 4, 8, 10], asInC.FieldOffsets);
        TypeLayout packed = Check(Struct(ContainerLayout.Packed, fields), 8, 8, Representation.I64);
        Assert.Equal([0, 8, 40, 48], packed.FieldBitOffsets);
        Check(Struct(ContainerLayout.Auto, new AirField("v", TypeId.Void)), 0, 1, Representation.None);
        Check(Struct(ContainerLayout.Extern, new AirField("a", TypeId.U8, 16), new AirField("b", TypeId.U8)), 16, 16, Representation.Memory);
        Assert.Equal([0, 4], Check(Types.WithOverflow(TypeId.U32), 8, 4, Representation.Memory).FieldOffsets);
        Assert.Equal([0, 1], Check(Types.Tuple(TypeId.U8, TypeId.U8), 2, 1, Representation.Memory).FieldOffsets);
    }

    [Fact]
    public void Unions()
    {
        TypeId tag = Types.Define("Tag", new EnumType(TypeId.U8, [new EnumField("a", 0), new EnumField("b", 1)]));
        AirField[] fields = [new("a", TypeId.U32), new("b", TypeId.U8)];
        TypeLayout tagged = Check(Types.Intern(new UnionType(ContainerLayout.Auto, new Sequence<AirField>(fields)) { Tag = OptionalId<TypeId>.Some(tag) }), 8, 4, Representation.Memory);
        Assert.Equal((4ul, 0ul), (tagged.TagOffset, tagged.PayloadOffset));
        AirField[] small = [new("a", TypeId.U8), new("b", TypeId.Void)];
        TypeLayout tagFirst = Check(Types.Intern(new UnionType(ContainerLayout.Auto, new Sequence<AirField>(small)) { Tag = OptionalId<TypeId>.Some(tag) }), 2, 1, Representation.Memory);
        Assert.Equal((0ul, 1ul), (tagFirst.TagOffset, tagFirst.PayloadOffset));
        Check(Types.Intern(new UnionType(ContainerLayout.Extern, new Sequence<AirField>(fields))), 4, 4, Representation.Memory);
        Check(Types.Intern(new UnionType(ContainerLayout.Packed, new Sequence<AirField>(fields))), 4, 4, Representation.I32);
    }

    [Fact]
    public void Arrays_and_vectors()
    {
        Check(Types.Array(TypeId.U32, 3), 12, 4, Representation.Memory);
        Check(Types.Array(TypeId.U8, 3, OptionalId<ValueId>.Some(_module.Values.Integer(TypeId.U8, 0))), 4, 1, Representation.Memory);
        Check(Types.Array(TypeId.U32, 0), 0, 4, Representation.None);
        Check(Types.Vector(TypeId.F32, 4), 16, 16, Representation.Memory);
        Check(Types.Vector(TypeId.F32, 4), 16, 16, Representation.V128, new AirTarget(HasSimd128: true));
        Check(Types.Vector(TypeId.F32, 3), 16, 16, Representation.Memory, new AirTarget(HasSimd128: true));
        Check(Types.Vector(Types.Unsigned(31), 4), 16, 16, Representation.Memory, new AirTarget(HasSimd128: true));
        Check(Types.Vector(TypeId.Bool, 10), 2, 2, Representation.Memory);
    }

    [Fact]
    public void A_type_that_contains_itself_has_no_layout()
    {
        TypeId first = Types.Declare("First");
        TypeId second = Types.Define("Second", new StructType(ContainerLayout.Auto, [new AirField("x", first)]));
        Types.Define(first, new StructType(ContainerLayout.Auto, [new AirField("x", Types.Array(second, 1))]));
        TypeId packed = Types.Declare("Packed");
        Types.Define(packed, new StructType(ContainerLayout.Packed, [new AirField("x", packed)]));
        var layouts = new TypeLayouts(_module, AirTarget.Wasm32);
        Assert.All([first, second, packed, Types.Declare("Opaque"), Types.Array(TypeId.U64, ulong.MaxValue)], type => Assert.False(layouts.TryGet(type, out _)));
        Assert.True(layouts.TryGet(Types.Pointer(first), out _));
    }

    [Fact]
    public void Types_that_share_parts_take_no_longer()
    {
        TypeId plain = TypeId.Void;
        TypeId packed = TypeId.Void;
        for (int i = 0; i < 150; i++)
        {
            plain = Types.Define($"S{i}", new StructType(ContainerLayout.Auto, [new AirField("x", plain), new AirField("y", plain)]));
            packed = Types.Define($"P{i}", new StructType(ContainerLayout.Packed, [new AirField("x", packed), new AirField("y", packed)]));
        }
        Check(plain, 0, 1, Representation.None);
        Check(packed, 0, 1, Representation.None);
    }

    private TypeId Struct(ContainerLayout layout, params AirField[] fields) => Types.Intern(new StructType(layout, new Sequence<AirField>(fields)));

    private TypeLayout Check(TypeId type, int size, int alignment, Representation representation, AirTarget target = default)
    {
        TypeLayout layout = new TypeLayouts(_module, target).Get(type);
        Assert.Equal((size, alignment, representation), ((int)layout.Size, layout.Alignment, layout.Representation));
        return layout;
    }
}
