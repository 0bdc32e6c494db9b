namespace Weld.Air.Tests.Types;

public sealed class TypeTableTests
{
    private readonly AirModule _module = new();

    private TypeTable Types => _module.Types;

    [Fact]
    public void Named_ids_are_what_they_are_called()
    {
        Assert.Equal(new IntegerType(false, 1), Types[TypeId.U1]);
        Assert.Equal(new IntegerType(true, 128), Types[TypeId.I128]);
        Assert.Equal(new IntegerType(true, 0), Types[TypeId.Isize]);
        Assert.Equal(new FloatType(128), Types[TypeId.F128]);
        Assert.True(((ErrorSetType)Types[TypeId.AnyError]).IsAny);
        Assert.Equal(TypeId.PredefinedCount, Types.Count);
        Assert.Equal(TypeId.U32, Types.Unsigned(32));
    }

    [Fact]
    public void Equal_types_have_the_same_id()
    {
        Assert.Equal(Types.Array(Types.Pointer(TypeId.U8), 3), Types.Array(Types.Pointer(TypeId.U8), 3));
        Assert.Equal(Types.Tuple(TypeId.U8, TypeId.Bool), Types.Tuple(TypeId.U8, TypeId.Bool));
        Assert.Equal(Types.Function([TypeId.U8], TypeId.Void), Types.Function([TypeId.U8], TypeId.Void));
        Assert.Equal(Types.ErrorSet("A", "B"), Types.ErrorSet("B", "A", "B"));
        Assert.NotEqual(Types.Pointer(TypeId.U8), Types.Pointer(TypeId.U8, isConst: true));
        Assert.NotEqual(Types.Pointer(TypeId.U8), Types.ManyPointer(TypeId.U8));
        Assert.NotEqual(Types.Pointer(TypeId.U8), Types.Slice(TypeId.U8));
        Assert.NotEqual(Types.Array(TypeId.U8, 3), Types.Array(TypeId.U8, 3, OptionalId<ValueId>.Some(_module.Values.Integer(TypeId.U8, 0))));
    }

    [Fact]
    public void A_type_with_a_name_is_only_itself()
    {
        var fields = new StructType(ContainerLayout.Auto, [new AirField("x", TypeId.U8)]);
        TypeId named = Types.Define("S", fields);
        Assert.NotEqual(Types.Intern(fields), named);
        Assert.NotEqual(Types.Define("T", fields), named);
        Assert.Equal(named, Types.Declare("S"));
        Assert.Throws<ArgumentException>(() => Types.Define(named, fields));
    }

    [Fact]
    public void Types_can_refer_to_themselves()
    {
        TypeId node = Types.Declare("Node");
        TypeId link = Types.Optional(Types.Pointer(node));
        Assert.Equal(TypeKind.Opaque, Types.Kind(node));
        Types.Define(node, new StructType(ContainerLayout.Auto, [new AirField("next", link)]));
        Assert.Equal(TypeKind.Struct, Types.Kind(node));
        Assert.True(Types.TryGetField(node, 0, out AirField field));
        Assert.Equal(link, field.Type);
    }

    [Fact]
    public void Types_without_a_name_nest_to_a_limit()
    {
        TypeId type = TypeId.U8;
        for (int i = 1; i < AirLimits.TypeDepth; i++)
            type = Types.Array(type, 1);
        Assert.Throws<ArgumentException>(() => Types.Array(type, 1));
        TypeId named = Types.Define("Named", new StructType(ContainerLayout.Auto, [new AirField("x", type)]));
        Assert.Equal(1, Types.Depth(named));
    }

    [Fact]
    public void Derived_types()
    {
        TypeId vector = Types.Vector(TypeId.I32, 4);
        Assert.Equal(Types.Tuple(vector, Types.Vector(TypeId.U1, 4)), Types.WithOverflow(vector));
        Assert.Equal(Types.Tuple(TypeId.I32, TypeId.U1), Types.WithOverflow(TypeId.I32));
        Assert.Equal(Types.Vector(TypeId.U32, 4), Types.MagnitudeOf(vector));
        Assert.Equal(TypeId.F32, Types.MagnitudeOf(TypeId.F32));
        Assert.Equal(Types.Vector(TypeId.Bool, 4), Types.WithLanesOf(vector, TypeId.Bool));
    }

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        const int Threads = 4;
        const int Count = 2000;
        var ids = new TypeId[Threads][];
        var start = new Barrier(Threads);
        var threads = new Thread[Threads];
        for (int t = 0; t < Threads; t++)
        {
            int number = t;
            threads[t] = new Thread(() =>
            {
                start.SignalAndWait();
                ids[number] = new TypeId[Count];
                for (int i = 0; i < Count; i++)
                    ids[number][i] = Types.Array(Types.Vector(TypeId.U8, 1 + (i % 50)), (ulong)i);
            });
            threads[t].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        Assert.All(ids, row => Assert.Equal(ids[0], row));
        Assert.Equal(Count, ids[0].Distinct().Count());
        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal((ulong)i, ((ArrayType)Types[ids[0][i]]).Length));
        Assert.Equal(TypeId.PredefinedCount + 50 + Count, Types.Count);
    }
}
