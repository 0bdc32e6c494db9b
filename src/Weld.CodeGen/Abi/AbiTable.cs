using Weld.CodeGen.Types;

namespace Weld.CodeGen.Abi;

/// <summary>The calling conventions: weld's own, and that of the tool conventions for C.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/BasicCABI.md. Not thread-safe: each worker has its own.</remarks>
internal sealed class AbiTable
{
    private readonly AirModule _module;
    private readonly TypeFactsTable _facts;
    private readonly MirSignaturePool _signatures;
    private readonly bool _is64;
    private readonly Dictionary<TypeId, FunctionAbi> _abis = [];

    public AbiTable(AirModule module, TypeFactsTable facts, MirSignaturePool signatures, bool is64)
    {
        _module = module;
        _facts = facts;
        _signatures = signatures;
        _is64 = is64;
    }

    private ValueType Address => _is64 ? ValueType.I64 : ValueType.I32;

    /// <param name="functionType">A function type, not a pointer to one.</param>
    public FunctionAbi Get(TypeId functionType)
    {
        if (!_abis.TryGetValue(functionType, out FunctionAbi? abi))
            _abis.Add(functionType, abi = Make((FunctionType)_module.Types[functionType]));
        return abi;
    }

    /// <summary>How C passes a value of a type as an argument.</summary>
    public Pass ClassifyForC(TypeId type)
    {
        TypeFacts facts = _facts[type];
        if (!facts.HasBits)
            return default;
        if (!facts.IsByReference)
            return new Pass(PassKind.Value, type);
        if (IsWide(facts))
            return new Pass(PassKind.TwoWords, type);
        if (FindSingleScalar(type) is not { } scalar)
            return new Pass(PassKind.Copy, type);
        return new Pass(IsWide(_facts[scalar]) ? PassKind.TwoWords : PassKind.Scalar, scalar);
    }

    private FunctionAbi Make(FunctionType type)
    {
        bool isC = type.Convention == CallingConvention.C;
        List<ValueType> parameters = [];
        List<ValueType> results = [];
        Pass result = isC ? ResultForC(type.Result) : OwnPass(type.Result);
        if (result.Kind == PassKind.Address)
            parameters.Add(Address);
        else if (result.Kind != PassKind.None)
            results.Add(_facts[result.Type].ValueType);
        var arguments = new Pass[type.Parameters.Count];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = isC ? ClassifyForC(type.Parameters[i]) : OwnPass(type.Parameters[i]);
            AddTypes(parameters, arguments[i]);
        }
        if (type.IsVariadic)
            parameters.Add(Address);
        return new FunctionAbi
        {
            Signature = _signatures.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(parameters), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(results)),
            Parameters = [.. parameters],
            Results = [.. results],
            Arguments = arguments,
            Result = result,
            IsVariadic = type.IsVariadic,
        };
    }

    private Pass OwnPass(TypeId type) => new(
        _facts[type] switch
        {
            { HasBits: false } => PassKind.None,
            { IsByReference: true } => PassKind.Address,
            _ => PassKind.Value,
        },
        type);

    // More than one word cannot be returned without multiple results, which the convention does not use.
    private Pass ResultForC(TypeId type)
    {
        Pass pass = ClassifyForC(type);
        return pass.Kind is PassKind.Copy or PassKind.TwoWords ? new Pass(PassKind.Address, type) : pass;
    }

    private void AddTypes(List<ValueType> parameters, Pass pass)
    {
        switch (pass.Kind)
        {
            case PassKind.Value or PassKind.Scalar:
                parameters.Add(_facts[pass.Type].ValueType);
                break;
            case PassKind.Address or PassKind.Copy:
                parameters.Add(Address);
                break;
            case PassKind.TwoWords:
                parameters.Add(ValueType.I64);
                parameters.Add(ValueType.I64);
                break;
        }
    }

    // Integers of 65 to 128 bits and the large floats; wider integers are passed as what they are in memory.
    private static bool IsWide(in TypeFacts facts) => facts.IsByReference && (facts.IsInteger || facts.IsFloat) && facts.Bits is > 64 and <= 128;

    /// <summary>The one scalar of a struct, union or array that has nothing else, looked for in all depths, as clang does.</summary>
    private TypeId? FindSingleScalar(TypeId type)
    {
        TypeFacts facts = _facts[type];
        TypeId? inner = _module.Types[type] switch
        {
            ArrayType { LengthWithSentinel: 1 } array => array.Child,
            StructType { Layout: not ContainerLayout.Packed } fields => SingleField(fields.Fields),
            UnionType { Layout: not ContainerLayout.Packed, Tag.HasValue: false } fields => SingleField(fields.Fields),
            _ => null,
        };
        if (inner is not { } child || _facts[child].Size != facts.Size)
            return null;
        return !_facts[child].IsByReference || IsWide(_facts[child]) ? child : FindSingleScalar(child);
    }

    private TypeId? SingleField(Sequence<AirField> fields)
    {
        TypeId? found = null;
        foreach (AirField field in fields)
        {
            if (!_facts[field.Type].HasBits)
                continue;
            if (found is not null)
                return null;
            found = field.Type;
        }
        return found;
    }
}
