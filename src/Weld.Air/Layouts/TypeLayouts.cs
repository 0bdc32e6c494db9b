using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Weld.Air.Layouts;

/// <summary>The layouts of a module's types for one target. May be used from any thread.</summary>
/// <remarks>A type has no layout as long as it is opaque, if it contains itself, and if it is larger than any memory. The verifier
/// reports these; after it, <see cref="Get"/> is safe for every type that has values.</remarks>
public sealed partial class TypeLayouts
{
    private readonly AirModule _module;
    private readonly ConcurrentDictionary<TypeId, BitWidth> _packedWidths = new();
    private readonly Lock _lock = new();
    private TypeLayout?[] _cache = new TypeLayout?[256];

    public TypeLayouts(AirModule module, AirTarget target)
    {
        _module = module;
        Target = target;
    }

    public AirTarget Target { get; }

    public AirModule Module => _module;

    /// <exception cref="InvalidOperationException">The type has no layout.</exception>
    public TypeLayout Get(TypeId type) =>
        TryGet(type, out TypeLayout? layout) ? layout : throw new InvalidOperationException("the type has no layout; the verifier should have refused it");

    public bool TryGet(TypeId type, [NotNullWhen(true)] out TypeLayout? layout)
    {
        TypeLayout?[] cache = Volatile.Read(ref _cache);
        layout = type.Index < cache.Length ? cache[type.Index] : null;
        if (layout is null)
        {
            layout = Compute(type, AirLimits.ContainmentDepth);
            if (layout is not null)
                Keep(type, layout);
        }
        return layout is not null;
    }

    /// <summary>Whether a null of the optional is an all-zero payload, so that no flag is needed.</summary>
    public bool IsPointerLike(TypeId payload) =>
        _module.Types[payload] is ReferenceType { IsAllowZero: false } and not PointerType { IsBitPointer: true } or ErrorSetType;

    /// <summary>The integer that stands for values of the type: of integers, bool, enums, error sets, packed types and pointers.</summary>
    public bool TryGetInteger(TypeId type, out IntegerShape shape)
    {
        (bool isInteger, shape) = _module.Types[type] switch
        {
            IntegerType integer => (true, new IntegerShape(integer.IsSigned, integer.IsPointerSized ? Target.PointerBits : integer.Bits)),
            SimpleType { SimpleKind: TypeKind.Bool } => (true, new IntegerShape(false, 1)),
            EnumType tags when _module.Types[tags.Tag] is IntegerType => (TryGetInteger(tags.Tag, out IntegerShape tag), tag),
            ErrorSetType => (true, new IntegerShape(false, 16)),
            PointerType => (true, new IntegerShape(false, Target.PointerBits)),
            StructType { Layout: ContainerLayout.Packed } or UnionType { Layout: ContainerLayout.Packed } => PackedInteger(type),
            _ => (false, default),
        };
        return isInteger;
    }

    /// <summary>How many bits the type has in a packed type or a bitcast; false for those that have none there.</summary>
    public bool TryGetBits(TypeId type, out int bits)
    {
        BitWidth width = Width(type, AirLimits.ContainmentDepth);
        bits = width.Bits;
        return width.IsKnown;
    }

    private void Keep(TypeId type, TypeLayout layout)
    {
        lock (_lock)
        {
            if (type.Index >= _cache.Length)
            {
                TypeLayout?[] larger = new TypeLayout?[Math.Max(_cache.Length * 2, type.Index + 1)];
                _cache.CopyTo(larger, 0);
                Volatile.Write(ref _cache, larger);
            }
            _cache[type.Index] = layout;
        }
    }

    private (bool, IntegerShape) PackedInteger(TypeId type)
    {
        if (!TryGetBits(type, out int bits) || bits == 0)
            return (false, default);
        bool isSigned = _module.Types[type] is StructType { BackingInteger: { HasValue: true } backing }
            && _module.Types[backing.Value] is IntegerType { IsSigned: true };
        return (true, new IntegerShape(isSigned, bits));
    }

    private BitWidth Width(TypeId type, int depth)
    {
        if (depth == 0)
            return default;
        return _module.Types[type] switch
        {
            SimpleType { SimpleKind: TypeKind.Bool } => new BitWidth(1, 1),
            SimpleType { SimpleKind: TypeKind.Void } => new BitWidth(0, 1),
            FloatType number => new BitWidth(number.Bits, 1),
            IntegerType or EnumType or ErrorSetType when TryGetInteger(type, out IntegerShape shape) => new BitWidth(shape.Bits, 1),
            PointerType => new BitWidth(Target.PointerBits, 1),
            OptionalType optional when IsPointerLike(optional.Child) && _module.Types[optional.Child] is not SliceType => Width(optional.Child, depth - 1),
            VectorType vector => Width(vector.Child, depth - 1) is { IsKnown: true } lane ? Sum((long)lane.Bits * vector.Length, lane.Depth) : default,
            StructType { Layout: ContainerLayout.Packed } packed => KnownWidth(type, packed.Fields, packed.BackingInteger, isSum: true, depth - 1),
            UnionType { Layout: ContainerLayout.Packed } packed => KnownWidth(type, packed.Fields, default, isSum: false, depth - 1),
            _ => default,
        };
    }

    // Kept, because a packed type may contain the same one many times over.
    private BitWidth KnownWidth(TypeId type, Sequence<AirField> fields, OptionalId<TypeId> backing, bool isSum, int depth)
    {
        if (_packedWidths.TryGetValue(type, out BitWidth known))
            return known;
        long bits = 0;
        int deepest = 0;
        foreach (AirField field in fields)
        {
            BitWidth width = Width(field.Type, depth);
            if (!width.IsKnown)
                return default;
            bits = isSum ? bits + width.Bits : Math.Max(bits, width.Bits);
            deepest = Math.Max(deepest, width.Depth);
        }
        if (backing.TryGet(out TypeId integer))
            bits = _module.Types[integer] is IntegerType && TryGetInteger(integer, out IntegerShape shape) ? shape.Bits : long.MaxValue;
        BitWidth sum = Sum(bits, deepest);
        if (sum.IsKnown)
            _packedWidths.TryAdd(type, sum);
        return sum;
    }

    private static BitWidth Sum(long bits, int depth) =>
        bits <= int.MaxValue && depth < AirLimits.ContainmentDepth ? new BitWidth((int)bits, depth + 1) : default;

    /// <param name="Bits">The width.</param>
    /// <param name="Depth">How many levels of types it contains, with itself; 0 when it has no width.</param>
    private readonly record struct BitWidth(int Bits, int Depth)
    {
        public bool IsKnown => Depth != 0;
    }
}
