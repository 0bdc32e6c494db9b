namespace Weld.CodeGen.Types;

/// <summary>The facts of a module's types, each worked out once. Not thread-safe: each worker has its own.</summary>
internal sealed class TypeFactsTable
{
    private readonly TypeLayouts _layouts;
    private readonly AirModule _module;
    private TypeFacts[] _facts = new TypeFacts[256];
    private bool[] _isKnown = new bool[256];

    public TypeFactsTable(TypeLayouts layouts)
    {
        _layouts = layouts;
        _module = layouts.Module;
    }

    /// <summary>Valid until the next use.</summary>
    public ref readonly TypeFacts this[TypeId type]
    {
        get
        {
            if ((uint)type.Index >= (uint)_isKnown.Length || !_isKnown[type.Index])
                Add(type);
            return ref _facts[type.Index];
        }
    }

    private void Add(TypeId type)
    {
        if (type.Index >= _facts.Length)
        {
            int length = Math.Max(type.Index + 1, _facts.Length * 2);
            Array.Resize(ref _facts, length);
            Array.Resize(ref _isKnown, length);
        }
        _facts[type.Index] = Compute(type);
        _isKnown[type.Index] = true;
    }

    private TypeFacts Compute(TypeId type)
    {
        TypeLayout layout = _layouts.Get(type);
        bool isInteger = _layouts.TryGetInteger(type, out IntegerShape shape);
        AirType data = _module.Types[type];
        return new TypeFacts
        {
            Representation = layout.Representation,
            Size = checked((uint)layout.Size),
            AlignmentLog2 = (byte)BitOperations.Log2((uint)layout.Alignment),
            Kind = data.Kind,
            IsInteger = isInteger,
            IsSigned = shape.IsSigned,
            Bits = isInteger ? shape.Bits : data is FloatType number ? number.Bits : 0,
        };
    }
}
