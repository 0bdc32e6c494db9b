using System.Collections.Concurrent;

namespace Weld.Air.Types;

/// <summary>The types of a module, each once. May be used from any thread.</summary>
public sealed partial class TypeTable
{
    private readonly InternTable<TypeId, AirType> _types = new();
    private readonly ConcurrentDictionary<string, TypeId> _named = new(StringComparer.Ordinal);
    private readonly AirModule _module;

    internal TypeTable(AirModule module)
    {
        _module = module;
        foreach (AirType type in PredefinedTypes())
            _types.Intern(type);
    }

    public int Count => _types.Count;

    public AirType this[TypeId id] => _types[id];

    public TypeKind Kind(TypeId id) => _types[id].Kind;

    /// <summary>The id of a type without a name.</summary>
    /// <exception cref="ArgumentException">The type has a name (use <see cref="Declare"/>), or nests too deep.</exception>
    public TypeId Intern(AirType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type is NamedType { Name: not null } named)
            throw new ArgumentException($"the type {named.Name} has a name: declare and define it", nameof(type));
        if (_types.TryFind(type, out TypeId known))
            return known;
        int depth = DepthOf(type);
        if (depth > AirLimits.TypeDepth)
            throw new ArgumentException($"types nest deeper than {AirLimits.TypeDepth}: give an inner one a name", nameof(type));
        return _types.Intern(type, depth);
    }

    /// <summary>How many levels a type without a name is written with.</summary>
    public int Depth(TypeId id) => _types.Depth(id);

    // ---- Scalars ----

    public TypeId Unsigned(int bits) => Integer(false, bits);

    public TypeId Signed(int bits) => Integer(true, bits);

    public TypeId Integer(bool isSigned, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, IntegerType.MostBits);
        return Intern(new IntegerType(isSigned, bits));
    }

    // ---- Pointers ----

    /// <summary><c>*T</c></summary>
    public TypeId Pointer(TypeId child, bool isConst = false, int alignment = 0) =>
        Intern(new PointerType(child, alignment) { IsConst = isConst });

    /// <summary><c>[*]T</c></summary>
    public TypeId ManyPointer(TypeId child, bool isConst = false, int alignment = 0) =>
        Intern(new PointerType(child, alignment) { IsConst = isConst, IsMany = true });

    /// <summary><c>[]T</c></summary>
    public TypeId Slice(TypeId child, bool isConst = false, int alignment = 0) =>
        Intern(new SliceType(child, alignment) { IsConst = isConst });

    /// <summary><c>*const fn(…) -> R</c></summary>
    public TypeId FunctionPointer(TypeId function) => Pointer(function, isConst: true);

    public TypeId Function(ReadOnlySpan<TypeId> parameters, TypeId result, CallingConvention convention = CallingConvention.Auto, bool isVariadic = false) =>
        Intern(new FunctionType(Sequence.Create(parameters), result) { Convention = convention, IsVariadic = isVariadic });

    // ---- Compounds ----

    public TypeId Array(TypeId child, ulong length, OptionalId<ValueId> sentinel = default) =>
        Intern(new ArrayType(child, length) { Sentinel = sentinel });

    public TypeId Vector(TypeId child, int length) => Intern(new VectorType(child, length));

    public TypeId Optional(TypeId child) => Intern(new OptionalType(child));

    public TypeId ErrorUnion(TypeId errorSet, TypeId payload) => Intern(new ErrorUnionType(errorSet, payload));

    public TypeId ErrorSet(params ReadOnlySpan<string> names)
    {
        var errors = new SortedSet<ErrorId>();
        foreach (string name in names)
            errors.Add(_module.Errors.Intern(name));
        return ErrorSet(errors);
    }

    public TypeId ErrorSet(IEnumerable<ErrorId> errors) =>
        Intern(new ErrorSetType(new Sequence<ErrorId>([.. errors.Distinct().Order()])));

    public TypeId Tuple(params ReadOnlySpan<TypeId> types)
    {
        var fields = new AirField[types.Length];
        for (int i = 0; i < fields.Length; i++)
            fields[i] = new AirField("", types[i]);
        return Intern(new StructType(ContainerLayout.Auto, new Sequence<AirField>(fields)) { IsTuple = true });
    }

    // ---- Types with names ----

    /// <summary>The type of that name; opaque until it is defined, so that types can refer to each other.</summary>
    public TypeId Declare(string name)
    {
        AirNames.Check(name);
        if (_named.TryGetValue(name, out TypeId known))
            return known;
        lock (_named)
        {
            if (!_named.TryGetValue(name, out known))
            {
                known = _types.AddUnique(new OpaqueType { Name = name });
                _named[name] = known;
            }
        }
        return known;
    }

    /// <summary>Says what a declared type is; once for each.</summary>
    public void Define(TypeId declared, NamedType definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        lock (_named)
        {
            if (_types[declared] is not OpaqueType { Name: { } name })
                throw new ArgumentException("the type is not a declared one without a definition", nameof(declared));
            _types.Replace(declared, definition with { Name = name });
        }
    }

    /// <summary>Declares and defines in one step.</summary>
    public TypeId Define(string name, NamedType definition)
    {
        TypeId id = Declare(name);
        Define(id, definition);
        return id;
    }

    public bool TryFindNamed(string name, out TypeId id) => _named.TryGetValue(name, out id);

    // ---- Parts ----

    /// <summary>The types that a type is made of, as written; none for a type with a name.</summary>
    private int DepthOf(AirType type)
    {
        int depth = type switch
        {
            ReferenceType reference => Depth(reference.Child),
            ArrayType array => Depth(array.Child),
            VectorType vector => Depth(vector.Child),
            OptionalType optional => Depth(optional.Child),
            ErrorUnionType union => Math.Max(Depth(union.ErrorSet), Depth(union.Payload)),
            EnumType tags => Depth(tags.Tag),
            StructType fields => DepthOf(fields.Fields),
            UnionType fields => Math.Max(DepthOf(fields.Fields), fields.Tag.TryGet(out TypeId tag) ? Depth(tag) : 0),
            FunctionType function => DepthOf(function),
            _ => 0,
        };
        return depth + 1;
    }

    private int DepthOf(FunctionType function)
    {
        int depth = Depth(function.Result);
        foreach (TypeId parameter in function.Parameters)
            depth = Math.Max(depth, Depth(parameter));
        return depth;
    }

    private int DepthOf(Sequence<AirField> fields)
    {
        int depth = 0;
        foreach (AirField field in fields)
            depth = Math.Max(depth, Depth(field.Type));
        return depth;
    }

    /// <remarks>In the order of the constants of <see cref="TypeId"/>.</remarks>
    private static AirType[] PredefinedTypes() =>
    [
        new SimpleType(TypeKind.Void),
        new SimpleType(TypeKind.NoReturn),
        new SimpleType(TypeKind.Bool),
        new IntegerType(false, 1),
        new IntegerType(false, 8),
        new IntegerType(true, 8),
        new IntegerType(false, 16),
        new IntegerType(true, 16),
        new IntegerType(false, 32),
        new IntegerType(true, 32),
        new IntegerType(false, 64),
        new IntegerType(true, 64),
        new IntegerType(false, 128),
        new IntegerType(true, 128),
        new IntegerType(false, 0),
        new IntegerType(true, 0),
        new FloatType(16),
        new FloatType(32),
        new FloatType(64),
        new FloatType(80),
        new FloatType(128),
        new ErrorSetType([]) { IsAny = true },
    ];
}
