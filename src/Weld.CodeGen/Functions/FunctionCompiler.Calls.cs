using Weld.CodeGen.Abi;
using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Calls, parameters and results, by the calling convention of the function.</content>
internal sealed partial class FunctionCompiler
{
    private const int WordSize = 8;

    // ── this function's parameters ──

    private void ReceiveParameters()
    {
        int parameter = _abi.ReturnsThroughMemory ? 1 : 0;
        for (int i = 0; i < _abi.Arguments.Length; i++)
            parameter += Receive(i, _abi.Arguments[i], parameter);
    }

    private int Receive(int argument, Pass pass, int parameter)
    {
        var local = new MirLocal(parameter);
        switch (pass.Kind)
        {
            case PassKind.None:
                return 0;
            case PassKind.Scalar:
            {
                Place place = NewSlot(_facts[_type.Parameters[argument]]);
                StoreLocal(place, local, _facts[pass.Type]);
                _locations[argument] = Location.AtFrame((uint)place.Offset);
                return 1;
            }
            case PassKind.TwoWords:
            {
                Place place = NewSlot(_facts[_type.Parameters[argument]]);
                TypeFacts word = TypeFacts.Integer(64, isSigned: false);
                StoreLocal(place, local, word);
                StoreLocal(place + (ulong)WordSize, new MirLocal(parameter + 1), word);
                _locations[argument] = Location.AtFrame((uint)place.Offset);
                return 2;
            }
            default:
                _locations[argument] = Location.In(local);
                return 1;
        }
    }

    // ── calls of others ──

    private void Call(bool isTail)
    {
        Operand callee = Operand(0);
        TypeId type = FunctionTypeOf(callee);
        FunctionAbi abi = _context.Abis.Get(type);
        if (isTail)
        {
            TailCall(callee, abi, type);
            return;
        }
        Place result = default;
        if (abi.Result.Kind is PassKind.Address or PassKind.Scalar)
            result = DefineInFrame();
        if (abi.Result.Kind == PassKind.Address)
            PushAddress(result);
        PushArguments(abi, type);
        EmitCall(callee, abi, MirOpcode.Call);
        TakeResult(abi, result);
        if (ResultType == TypeId.NoReturn)
            _code.Emit(MirOpcode.Unreachable);
    }

    private TypeId FunctionTypeOf(Operand callee)
    {
        TypeId type = TypeOf(callee);
        return _module.Types[type] is PointerType pointer ? pointer.Child : type;
    }

    private void TakeResult(FunctionAbi abi, Place result)
    {
        switch (abi.Result.Kind)
        {
            case PassKind.Value:
                Define();
                break;
            case PassKind.Scalar:
                TypeFacts scalar = _facts[abi.Result.Type];
                StoreLocal(result, PopToTemporary(scalar.ValueType), scalar);
                break;
        }
    }

    private void EmitCall(Operand callee, FunctionAbi abi, MirOpcode direct)
    {
        bool isTail = direct == MirOpcode.ReturnCall;
        if (callee.IsConstant && FindPointer(_module.Values[callee.Value]) is { Base: PointerBase.Item } known && _module.Items[known.Item] is AirFunction)
        {
            var function = new MirFunctionId(known.Item.Index);
            if (isTail)
                _code.ReturnCall(function);
            else
                _code.Call(function);
            return;
        }
        Push(callee);
        if (isTail)
            _code.ReturnCallIndirect(abi.Signature);
        else
            _code.CallIndirect(abi.Signature);
    }

    /// <summary>A call that takes the place of this function. What is in this function's frame would be gone.</summary>
    private void TailCall(Operand callee, FunctionAbi abi, TypeId type)
    {
        bool isPossible = _target.Has(WasmFeatures.TailCall) && !abi.IsVariadic && abi.Results.AsSpan().SequenceEqual(_abi.Results);
        foreach (Pass pass in abi.Arguments)
            isPossible &= pass.Kind is PassKind.None or PassKind.Value or PassKind.Scalar or PassKind.TwoWords;
        if (!isPossible || abi.ReturnsThroughMemory != _abi.ReturnsThroughMemory)
        {
            Refuse();
            return;
        }
        if (abi.ReturnsThroughMemory)
            _code.LocalGet(new MirLocal(0));
        PushArguments(abi, type);
        _code.Emit(MirOpcode.LeaveFrame);
        EmitCall(callee, abi, MirOpcode.ReturnCall);
    }

    private void PushArguments(FunctionAbi abi, TypeId type)
    {
        ReadOnlySpan<Operand> arguments = _body.Operands(_current, 1);
        for (int i = 0; i < abi.Arguments.Length; i++)
            PushArgument(arguments[i], abi.Arguments[i]);
        if (abi.IsVariadic)
            PushFurtherArguments(arguments[((FunctionType)_module.Types[type]).Parameters.Count..]);
    }

    private void PushArgument(Operand argument, Pass pass)
    {
        switch (pass.Kind)
        {
            case PassKind.Value or PassKind.Address:
                Push(argument);
                break;
            case PassKind.Copy:
            {
                TypeFacts facts = FactsOf(argument);
                Place copy = NewSlot(facts);
                if (!IsUndefined(argument))
                    Copy(copy, PlaceOf(argument), facts.Size, facts.AlignmentLog2);
                PushAddress(copy);
                break;
            }
            case PassKind.Scalar:
                PushLoaded(PlaceOf(argument), _facts[pass.Type]);
                break;
            case PassKind.TwoWords:
            {
                TypeFacts word = TypeFacts.Integer(64, isSigned: false);
                Place place = Settle(PlaceOf(argument));
                PushLoaded(place, word);
                PushLoaded(place + (ulong)WordSize, word);
                break;
            }
        }
    }

    /// <summary>The further arguments of a variadic function are in memory, one after the other; the last parameter is where.</summary>
    private void PushFurtherArguments(ReadOnlySpan<Operand> arguments)
    {
        if (arguments.IsEmpty)
        {
            _code.AddressConst(0);
            return;
        }
        var offsets = new uint[arguments.Length];
        uint end = 0;
        int alignmentLog2 = 2;
        for (int i = 0; i < arguments.Length; i++)
        {
            (uint size, int log2) = VariadicSlot(arguments[i]);
            alignmentLog2 = Math.Max(alignmentLog2, log2);
            uint mask = (1u << log2) - 1;
            offsets[i] = (end + mask) & ~mask;
            end = offsets[i] + size;
        }
        Place list = Place.InFrame(AllocateInFrame(end, alignmentLog2));
        for (int i = 0; i < arguments.Length; i++)
            StoreFurtherArgument(list + (ulong)offsets[i], arguments[i]);
        PushAddress(list);
    }

    private (uint Size, int AlignmentLog2) VariadicSlot(Operand argument)
    {
        TypeFacts facts = FactsOf(argument);
        Pass pass = _context.Abis.ClassifyForC(TypeOf(argument));
        if (pass.Kind == PassKind.None)
            return (0, 0);
        return pass.Kind == PassKind.Copy
            ? ((uint)_target.Air.PointerBytes, BitOperations.Log2((uint)_target.Air.PointerBytes))
            : (Math.Max(facts.Size, 4), Math.Max(facts.AlignmentLog2, (byte)2));
    }

    // What C promotes to int is stored as one.
    private void StoreFurtherArgument(Place place, Operand argument)
    {
        TypeFacts facts = FactsOf(argument);
        Pass pass = _context.Abis.ClassifyForC(TypeOf(argument));
        if (pass.Kind == PassKind.Copy)
        {
            PushArgument(argument, pass);
            StoreLocal(place, PopToTemporary(_code.AddressType), _facts[TypeId.Usize]);
        }
        else if (facts is { IsByReference: false, Representation: Representation.I32 })
        {
            uint offset = PushBase(place);
            Push(argument);
            StoreTo(offset, TypeFacts.Integer(32, isSigned: false));
        }
        else
        {
            Store(place, argument);
        }
    }

    // ── the further arguments of this function ──

    private MirLocal FurtherArguments => new(_abi.Parameters.Length - 1);

    private void StartArguments()
    {
        _code.LocalGet(FurtherArguments);
        Define();
    }

    private void NextArgument()
    {
        TypeFacts facts = _facts[ResultType];
        if (!facts.HasBits)
            return;
        Pass pass = _context.Abis.ClassifyForC(ResultType);
        TypeFacts pointer = _facts[TypeId.Usize];
        uint size = pass.Kind == PassKind.Copy ? pointer.Size : Math.Max(facts.Size, 4);
        int alignment = 1 << (pass.Kind == PassKind.Copy ? pointer.AlignmentLog2 : Math.Max(facts.AlignmentLog2, (byte)2));
        Place list = Settle(PlaceOf(Operand(0)));
        PushLoaded(list, pointer);
        if (alignment > 4)
        {
            AddToAddress(alignment - 1);
            _code.AddressConst(-alignment);
            EmitAddress(MirOpcode.I32And);
        }
        MirLocal argument = PopToTemporary(_code.AddressType);
        uint offset = PushBase(list);
        _code.LocalGet(argument);
        AddToAddress(size);
        StoreTo(offset, pointer);
        Place place = Place.At(argument);
        if (pass.Kind == PassKind.Copy)
        {
            PushLoaded(place, pointer);
            place = Place.At(PopToTemporary(_code.AddressType));
        }
        DefineLoaded(place, facts);
    }

    private void CopyArguments()
    {
        PushLoaded(PlaceOf(Operand(0)), _facts[TypeId.Usize]);
        Define();
    }
}
