using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Names of enum values and errors, and which values have one.</content>
internal sealed partial class FunctionCompiler
{
    private void TagName()
    {
        TypeFacts tag = FactsOf(Operand(0));
        if (tag.IsByReference)
        {
            Refuse();
            return;
        }
        PushAddress(DefineInFrame());
        if (tag.HasBits)
            Push(Operand(0));
        else
            _code.I32Const(0);
        _code.CallTagName(new MirEnumId(TypeOf(Operand(0)).Index));
    }

    private void ErrorName()
    {
        _code.ErrorNameTable();
        Push(Operand(0));
        ConvertRegister(fromLong: false, _target.Is64, isSigned: false);
        _code.AddressConst(2 * _target.Air.PointerBytes);
        EmitAddress(MirOpcode.I32Mul);
        EmitAddress(MirOpcode.I32Add);
        Define(_code.AddressType);
    }

    private void IsNamedEnumValue()
    {
        var type = (EnumType)_module.Types[TypeOf(Operand(0))];
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsByReference)
        {
            Refuse();
            return;
        }
        Push(Operand(0));
        PushIsNamed(type, PopToTemporary(facts.ValueType), facts);
        Define(ValueType.I32);
    }

    private void PushIsNamed(EnumType type, MirLocal value, in TypeFacts facts)
    {
        BigInteger[] values = new BigInteger[type.Fields.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = type.Fields[i].Value;
        Array.Sort(values);
        PushIsOneOf(values, value, facts);
    }

    private void ErrorSetHasValue()
    {
        var set = (ErrorSetType)_module.Types[new TypeId(_body.Word(_current, 0))];
        Push(Operand(1));
        MirLocal error = PopToTemporary(ValueType.I32);
        if (set.IsAny)
        {
            // Error 0 is none: it becomes a number that is greater than any.
            _code.LocalGet(error);
            _code.I32Const(1);
            _code.Emit(MirOpcode.I32Sub);
            _code.ErrorCount();
            _code.I32Const(1);
            _code.Emit(MirOpcode.I32Sub);
            _code.Emit(MirOpcode.I32LtU);
        }
        else
        {
            BigInteger[] numbers = new BigInteger[set.Errors.Count];
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = set.Errors[i].Number;
            PushIsOneOf(numbers, error, ErrorFacts);
        }
        Define(ValueType.I32);
    }

    /// <summary>Pushes whether a local holds one of ascending numbers: a comparison for each run of numbers without a gap.</summary>
    private void PushIsOneOf(BigInteger[] numbers, MirLocal value, in TypeFacts facts)
    {
        _code.I32Const(0);
        for (int first = 0, next; first < numbers.Length; first = next)
        {
            next = first + 1;
            while (next < numbers.Length && numbers[next] == numbers[first] + (next - first))
                next++;
            _code.LocalGet(value);
            PushNumber(numbers[first], facts.IsLong);
            EmitInteger(MirOpcode.I32Sub, facts);
            PushNumber(next - first, facts);
            EmitInteger(MirOpcode.I32LtU, facts);
            _code.Emit(MirOpcode.I32Or);
        }
    }
}
