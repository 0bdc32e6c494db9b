using Weld.Air.Layouts;

namespace Weld.Air.Verification;

/// <summary>Checks the types of a module.</summary>
internal sealed class TypeChecks(TypeLayouts layouts, Violations violations)
{
    private readonly AirModule _module = layouts.Module;
    private TypeId _type;
    private bool _isGood;

    public void Run()
    {
        for (int index = 0; index < _module.Types.Count; index++)
        {
            _type = new TypeId(index);
            _isGood = true;
            Check(_module.Types[_type]);
            if (_isGood && NeedsLayout(_module.Types[_type]) && !layouts.TryGet(_type, out _))
                violations.Report(VerifierRuleTable.Layout, _type, "the type has no size: it contains itself, something without one, or is too large");
        }
    }

    /// <summary>Whether there are values of the type, be it only one.</summary>
    public static bool HasValues(AirModule module, TypeId type) =>
        module.Types.Kind(type) is not (TypeKind.NoReturn or TypeKind.Opaque or TypeKind.Function);

    private static bool NeedsLayout(AirType type) => type is not (OpaqueType or FunctionType or SimpleType { SimpleKind: TypeKind.NoReturn });

    private void Fail(string message)
    {
        _isGood = false;
        violations.Report(VerifierRuleTable.Type, _type, message);
    }

    private void Check(AirType type)
    {
        switch (type)
        {
            case IntegerType { Bits: < 0 or > IntegerType.MostBits }:
                Fail($"an integer has from 1 to {IntegerType.MostBits} bits");
                break;
            case FloatType { Bits: not (16 or 32 or 64 or 80 or 128) }:
                Fail("a float has 16, 32, 64, 80 or 128 bits");
                break;
            case ReferenceType reference:
                CheckReference(reference);
                break;
            case ArrayType array:
                CheckPart(array.Child, "the element");
                CheckSentinel(array);
                break;
            case VectorType vector:
                CheckVector(vector);
                break;
            case OptionalType optional:
                CheckPart(optional.Child, "the payload");
                break;
            case ErrorSetType set:
                CheckErrorSet(set);
                break;
            case ErrorUnionType union:
                if (_module.Types.Kind(union.ErrorSet) != TypeKind.ErrorSet)
                    Fail("what is before ! is no error set");
                CheckPart(union.Payload, "the payload");
                break;
            case EnumType tags:
                CheckEnum(tags);
                break;
            case StructType container:
                CheckStruct(container);
                break;
            case UnionType container:
                CheckUnion(container);
                break;
            case FunctionType function:
                CheckFunction(function);
                break;
        }
    }

    private void CheckPart(TypeId part, string what)
    {
        if (!HasValues(_module, part))
            Fail($"{what} is of type {Text.AirText.Print(_module, part)}, which has no values");
    }

    private void CheckAlignment(int alignment)
    {
        if (alignment < 0 || (alignment != 0 && !BitOperations.IsPow2(alignment)) || alignment > 1 << 28)
            Fail("an alignment is a power of two, at most 2^28");
    }

    private void CheckReference(ReferenceType type)
    {
        CheckAlignment(type.Alignment);
        if (_module.Types.Kind(type.Child) == TypeKind.NoReturn)
            Fail("nothing can point to noreturn");
        if (type is not PointerType { IsMany: false })
            CheckPart(type.Child, "the element");
        if (type is not PointerType { IsBitPointer: true } pointer)
            return;
        if (pointer.IsMany || !layouts.TryGetBits(pointer.Child, out int bits))
            Fail("a pointer to bits is to one value that has a width in bits");
        else if (pointer.HostBytes < 0 || pointer.BitOffset < 0 || (long)pointer.BitOffset + bits > 8L * pointer.HostBytes)
            Fail("the bits do not lie within the integer");
    }

    private void CheckSentinel(ArrayType array)
    {
        if (array.Sentinel.TryGet(out ValueId sentinel)
            && (_module.Values[sentinel] is not IntegerValue value || value.Type != array.Child || array.Child == TypeId.Bool))
            Fail("a sentinel is an integer or enum of the element's type");
    }

    private void CheckVector(VectorType vector)
    {
        if (vector.Length is < 1 or > VectorType.MostLanes)
            Fail($"a vector has from 1 to {VectorType.MostLanes} lanes");
        if (_module.Types.Kind(vector.Child) is not (TypeKind.Integer or TypeKind.Float or TypeKind.Bool or TypeKind.Pointer)
            || _module.Types[vector.Child] is PointerType { IsBitPointer: true })
            Fail("lanes are integers, floats, bools or pointers");
    }

    private void CheckErrorSet(ErrorSetType set)
    {
        for (int i = 0; i < set.Errors.Count; i++)
            if ((uint)set.Errors[i].Index >= (uint)_module.Errors.Count || (i > 0 && set.Errors[i - 1] >= set.Errors[i]))
                Fail("the errors of a set are the module's, in their order, each once");
    }

    private void CheckEnum(EnumType type)
    {
        if (_module.Types[type.Tag] is not IntegerType || !layouts.TryGetInteger(type.Tag, out IntegerShape shape))
        {
            Fail("the tag of an enum is an integer");
            return;
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        var values = new HashSet<BigInteger>();
        foreach (EnumField field in type.Fields)
        {
            if (!names.Add(field.Name))
                Fail($"there are two fields {field.Name}");
            if (!values.Add(field.Value))
                Fail($"two fields have the value {field.Value}");
            if (!shape.Has(field.Value))
                Fail($"the tag's type has no {field.Value}");
        }
    }

    private void CheckFields(Sequence<AirField> fields, ContainerLayout layout, bool hasNames)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (AirField field in fields)
        {
            CheckAlignment(field.Alignment);
            CheckPart(field.Type, $"field {field.Name}");
            if (hasNames && !names.Add(field.Name))
                Fail($"there are two fields {field.Name}");
            if (layout != ContainerLayout.Packed)
                continue;
            if (field.Alignment != 0)
                Fail($"field {field.Name} is packed and has no alignment");
            if (!layouts.TryGetBits(field.Type, out _))
                Fail($"field {field.Name} cannot be packed: its type has no width in bits");
        }
    }

    private void CheckStruct(StructType type)
    {
        CheckFields(type.Fields, type.Layout, !type.IsTuple);
        if (!type.BackingInteger.TryGet(out TypeId backing))
            return;
        long bits = 0;
        foreach (AirField field in type.Fields)
            bits += layouts.TryGetBits(field.Type, out int width) ? width : 0;
        if (type.Layout != ContainerLayout.Packed)
            Fail("only a packed struct is an integer");
        else if (_module.Types[backing] is not IntegerType || !layouts.TryGetInteger(backing, out IntegerShape shape) || shape.Bits != bits)
            Fail($"the struct has {bits} bits, and its integer has not as many");
    }

    private void CheckUnion(UnionType type)
    {
        CheckFields(type.Fields, type.Layout, hasNames: true);
        if (type.Fields.Count == 0)
            Fail("a union has a field");
        if (!type.Tag.TryGet(out TypeId tag))
            return;
        if (type.Layout != ContainerLayout.Auto)
            Fail("an extern or packed union has no tag");
        if (_module.Types[tag] is not EnumType tags || tags.Fields.Count != type.Fields.Count)
        {
            Fail("the tag is an enum with as many fields");
            return;
        }
        for (int i = 0; i < tags.Fields.Count; i++)
            if (tags.Fields[i].Name != type.Fields[i].Name)
                Fail($"field {type.Fields[i].Name} is not called as the tag's, {tags.Fields[i].Name}");
    }

    private void CheckFunction(FunctionType type)
    {
        foreach (TypeId parameter in type.Parameters)
            CheckPart(parameter, "a parameter");
        if (_module.Types.Kind(type.Result) is TypeKind.Opaque or TypeKind.Function)
            Fail("the result's type has no values");
        if (type.IsVariadic && type.Convention != CallingConvention.C)
            Fail("only functions with the C convention are variadic");
        if (type.Convention != CallingConvention.C || !_isGood)
            return;
        foreach (TypeId parameter in (TypeId[])[.. type.Parameters.Span, type.Result])
            if (!IsC(parameter))
                violations.Report(VerifierRuleTable.CType, _type, $"C has no {Text.AirText.Print(_module, parameter)} to pass");
    }

    private bool IsC(TypeId type) => _module.Types[type] switch
    {
        SimpleType or PointerType or FloatType => true,
        IntegerType integer => integer.Bits <= 128,
        EnumType tags => _module.Types[tags.Tag] is IntegerType { Bits: <= 128 },
        OptionalType optional => _module.Types[optional.Child] is PointerType && layouts.IsPointerLike(optional.Child),
        StructType container => container.Layout != ContainerLayout.Auto,
        UnionType container => container.Layout != ContainerLayout.Auto,
        VectorType => true,
        _ => false,
    };
}
