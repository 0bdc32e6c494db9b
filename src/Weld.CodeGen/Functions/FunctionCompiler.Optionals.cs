using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Optionals and error unions.</content>
internal sealed partial class FunctionCompiler
{
    private static readonly TypeFacts ErrorFacts = TypeFacts.Integer(16, isSigned: false);
    private static readonly TypeFacts FlagFacts = TypeFacts.Integer(8, isSigned: false);

    // ── optionals ──

    private void IsNull(bool isNegated, bool isPointer)
    {
        TypeId optional = isPointer ? PointerTypeOf(Operand(0))!.Child : TypeOf(Operand(0));
        TypeFacts facts = _facts[optional];
        if (!isPointer && !facts.IsByReference)
            Push(Operand(0));
        else
            PushFlag(PlaceOf(Operand(0)), optional, facts);
        bool isLong = facts.IsByReference ? IsSliceOptional(optional) && _target.Is64 : facts.IsLong;
        if (!isNegated)
        {
            _code.Emit(Registers.ForWidth(MirOpcode.I32Eqz, isLong));
        }
        else
        {
            PushZero(isLong);
            _code.Emit(Registers.ForWidth(MirOpcode.I32Ne, isLong));
        }
        Define(ValueType.I32);
    }

    private void PushZero(bool isLong)
    {
        if (isLong)
            _code.I64Const(0);
        else
            _code.I32Const(0);
    }

    private bool IsSliceOptional(TypeId optional) => _module.Types[((OptionalType)_module.Types[optional]).Child] is SliceType && !HasFlag(optional);

    /// <summary>Whether null is said by a byte, and not by a payload of zeros.</summary>
    private bool HasFlag(TypeId optional) => !_context.Layouts.IsPointerLike(((OptionalType)_module.Types[optional]).Child);

    /// <summary>Pushes what is zero for null: the flag, the pointer, or the slice's pointer.</summary>
    private void PushFlag(Place place, TypeId optional, in TypeFacts facts)
    {
        if (HasFlag(optional))
            PushLoaded(place + _context.Layouts.Get(optional).TagOffset, FlagFacts);
        else
            PushLoaded(place, facts.IsByReference ? _facts[TypeId.Usize] : facts);
    }

    private void OptionalPayload()
    {
        TypeFacts payload = _facts[ResultType];
        if (!payload.HasBits)
            return;
        if (FactsOf(Operand(0)).IsByReference)
            DefinePart(PlaceOf(Operand(0)), payload);
        else
            Same();
    }

    private void OptionalPayloadPointer(bool sets)
    {
        TypeId optional = PointerTypeOf(Operand(0))!.Child;
        Place place = PlaceOf(Operand(0));
        if (sets && HasFlag(optional))
            StoreNumber(place + _context.Layouts.Get(optional).TagOffset, 1, FlagFacts);
        DefinePlace(place);
    }

    private void WrapOptional()
    {
        TypeFacts facts = _facts[ResultType];
        if (!facts.IsByReference && !HasFlag(ResultType))
        {
            Same();
        }
        else if (!facts.IsByReference)
        {
            _code.I32Const(1);
            Define();
        }
        else if (!HasFlag(ResultType))
        {
            DefinePlace(PlaceOf(Operand(0)));
        }
        else
        {
            ulong flag = _context.Layouts.Get(ResultType).TagOffset;
            Place place = DefineInFrame();
            Store(place, Operand(0));
            StoreNumber(place + flag, 1, FlagFacts);
        }
    }

    // ── error unions ──

    private void IsError(bool isNegated, bool isPointer)
    {
        PushError(isPointer);
        if (isNegated)
        {
            _code.Emit(MirOpcode.I32Eqz);
        }
        else
        {
            _code.I32Const(0);
            _code.Emit(MirOpcode.I32Ne);
        }
        Define(ValueType.I32);
    }

    /// <summary>Pushes the error of the error union (or error set) that the first operand is or points to; 0 for none.</summary>
    private void PushError(bool isPointer)
    {
        TypeId type = isPointer ? PointerTypeOf(Operand(0))!.Child : TypeOf(Operand(0));
        if (!isPointer && !_facts[type].IsByReference)
            Push(Operand(0));
        else
            PushLoaded(PlaceOf(Operand(0)) + _context.Layouts.Get(type).TagOffset, ErrorFacts);
    }

    private void ErrorOf(bool isPointer)
    {
        PushError(isPointer);
        Define(ValueType.I32);
    }

    /// <summary>The payload of the error union that the first operand is.</summary>
    private void ErrorUnionPayload()
    {
        TypeFacts payload = _facts[ResultType];
        if (payload.HasBits)
            DefinePart(PlaceOf(Operand(0)) + _context.Layouts.Get(TypeOf(Operand(0))).PayloadOffset, payload);
    }

    private void ErrorUnionPayloadPointer(bool sets)
    {
        TypeLayout layout = _context.Layouts.Get(PointerTypeOf(Operand(0))!.Child);
        Place place = PlaceOf(Operand(0));
        if (sets)
            StoreNumber(place + layout.TagOffset, 0, ErrorFacts);
        DefinePlace(place + layout.PayloadOffset);
    }

    private void WrapPayload()
    {
        if (!_facts[ResultType].IsByReference)
        {
            _code.I32Const(0);
            Define();
            return;
        }
        TypeLayout layout = _context.Layouts.Get(ResultType);
        Place place = DefineInFrame();
        if (!IsUndefined(Operand(0)))
            Store(place + layout.PayloadOffset, Operand(0));
        StoreNumber(place + layout.TagOffset, 0, ErrorFacts);
    }

    private void WrapError()
    {
        if (!_facts[ResultType].IsByReference)
        {
            Push(Operand(0));
            Define();
            return;
        }
        TypeLayout layout = _context.Layouts.Get(ResultType);
        Place place = DefineInFrame() + layout.TagOffset;
        uint offset = PushBase(place);
        Push(Operand(0));
        StoreTo(offset, ErrorFacts);
    }

    private void Try(bool isPointer)
    {
        PushError(isPointer);
        _code.If();
        CompileFirstBody(_body.Body(_current));
        _code.End();
        if (isPointer)
            ErrorUnionPayloadPointer(sets: false);
        else
            ErrorUnionPayload();
    }
}
