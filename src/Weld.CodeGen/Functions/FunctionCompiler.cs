using Weld.CodeGen.Abi;
using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <summary>Compiles one function after another, in one pass over the instructions. Not thread-safe: each worker has its own.</summary>
/// <remarks>
/// A result goes to a local of its own, or to the stack frame when it is by reference; between instructions nothing is on the
/// operand stack. Integers in locals are always sign- or zero-extended to the local's width. What is by reference is never
/// written to again once it is made, so parts of it need no copy.
/// </remarks>
internal sealed partial class FunctionCompiler
{
    private readonly CodeGenContext _context;
    private readonly AirModule _module;
    private readonly TypeFactsTable _facts;
    private readonly CodeGenTarget _target;
    private readonly MirBuilder _code;
    private readonly Lifetimes _lifetimes = new();
    private readonly List<MirLocal> _temporaries = [];
    private Location[] _locations = [];
    private int[] _labels = [];
    private AirFunction _function = null!;
    private FunctionBody _body = null!;
    private FunctionType _type = null!;
    private FunctionAbi _abi = null!;
    private InstructionId _current;
    private bool _isFrameReported;

    public FunctionCompiler(CodeGenContext context)
    {
        _context = context;
        _module = context.Module;
        _facts = context.Facts;
        _target = context.Target;
        _code = new MirBuilder(context.Target.Is64);
    }

    /// <summary>Compiles a function that has a body.</summary>
    public MirFunction Compile(AirFunction function)
    {
        _function = function;
        _body = function.Body!;
        _type = (FunctionType)_module.Types[function.Type];
        _abi = _context.Abis.Get(function.Type);
        Prepare();
        ReceiveParameters();
        CompileBody(new BodyRange(_body.ParameterCount, _body.Count));
        // Control does not come here, but the types of wasm ask for a result or for code that needs none.
        if (EndsInTerminator())
            _code.Emit(MirOpcode.Unreachable);
        else
            _code.Emit(MirOpcode.LeaveFrame);
        return _code.Build();
    }

    private void Prepare()
    {
        _code.Begin(_abi.Signature, _abi.Parameters);
        _lifetimes.Run(_body);
        _temporaries.Clear();
        _resultPointer = default;
        _tracePointer = null;
        _isFrameReported = false;
        if (_locations.Length < _body.Count)
        {
            int length = Math.Max(_body.Count, _locations.Length * 2);
            _locations = new Location[length];
            _labels = new int[length];
        }
        Array.Clear(_locations, 0, _body.Count);
    }

    private bool EndsInTerminator()
    {
        TypeId last = TypeId.Void;
        foreach (InstructionId id in _body.Within(_body.Root))
            last = _body.Type(id);
        return last == TypeId.NoReturn;
    }

    private void CompileBody(BodyRange range)
    {
        for (int i = range.Start; i < range.End;)
        {
            var id = new InstructionId(i);
            CompileInstruction(id);
            i = _body.Next(id);
            ReleaseTemporaries();
            ReleaseEndingAt(i);
        }
    }

    /// <summary>Gives back the locals of results that nobody uses from an instruction on.</summary>
    private void ReleaseEndingAt(int index)
    {
        for (int value = _lifetimes.TakeEndingAt(index); value != Lifetimes.None; value = _lifetimes.NextEnding(value))
            if (_locations[value].Kind == LocationKind.Local && value >= _body.ParameterCount)
                _code.Release(_locations[value].Local);
    }

    private void ReleaseTemporaries()
    {
        foreach (MirLocal local in _temporaries)
            _code.Release(local);
        _temporaries.Clear();
    }

    // ── operands ──

    private Operand Operand(int position) => _body.Operand(_current, position);

    private TypeId TypeOf(Operand operand) => _body.TypeOf(operand, _module);

    private TypeId ResultType => _body.Type(_current);

    private ref readonly TypeFacts FactsOf(Operand operand) => ref _facts[TypeOf(operand)];

    private bool IsResultUsed => _lifetimes.IsUsed(_current.Index);

    /// <summary>Pushes what stands for a value; nothing for values without bits.</summary>
    private void Push(Operand operand)
    {
        if (operand.IsConstant)
        {
            PushConstant(operand.Value);
            return;
        }
        Location location = _locations[operand.Instruction.Index];
        if (location.Kind == LocationKind.Local)
            _code.LocalGet(location.Local);
        else if (location.Kind == LocationKind.Frame)
            _code.FrameAddress((uint)location.Index);
    }

    /// <summary>As <see cref="Push(Operand)"/>, where the instruction pushes the operand only once: what was just computed for it stays on
    /// the stack.</summary>
    private void PushOnce(Operand operand)
    {
        if (operand.IsInstruction && _lifetimes.IsUsedOnce(operand.Instruction.Index)
            && _locations[operand.Instruction.Index] is { Kind: LocationKind.Local } location && _code.TryTakeBack(location.Local))
            return;
        Push(operand);
    }

    /// <summary>The memory that a pointer points to, or that a value by reference is in.</summary>
    private Place PlaceOf(Operand operand)
    {
        if (operand.IsConstant)
            return PlaceOfConstant(operand.Value);
        Location location = _locations[operand.Instruction.Index];
        return location.Kind switch
        {
            LocationKind.Frame => Place.InFrame((uint)location.Index),
            LocationKind.Local => Place.At(location.Local),
            _ => new Place(PlaceBase.Zero, 0, 0, 0),
        };
    }

    /// <summary>Pushes the part of an address that an access cannot hold, and returns what it can: the offset.</summary>
    private uint PushBase(Place place)
    {
        switch (place.Base)
        {
            case PlaceBase.Local when FitsOffset(place.Offset):
                _code.LocalGet(new MirLocal(place.Id));
                return (uint)place.Offset;
            case PlaceBase.Frame when FitsOffset(place.Offset):
                _code.LocalGet(_code.FrameBase);
                return (uint)place.Offset;
            case PlaceBase.Zero when FitsOffset(place.Offset):
                _code.AddressConst(0);
                return (uint)place.Offset;
            default:
                PushAddress(place);
                return 0;
        }
    }

    private void PushAddress(Place place)
    {
        switch (place.Base)
        {
            case PlaceBase.Local:
                _code.LocalGet(new MirLocal(place.Id));
                AddToAddress(place.Offset);
                break;
            case PlaceBase.Frame when FitsOffset(place.Offset):
                _code.FrameAddress((uint)place.Offset);
                break;
            case PlaceBase.Frame:
                _code.LocalGet(_code.FrameBase);
                AddToAddress(place.Offset);
                break;
            case PlaceBase.Data when FitsAddend(place.Offset):
                _code.DataAddress(new MirDataId(place.Id), (int)place.Offset);
                break;
            case PlaceBase.Data:
                _code.DataAddress(new MirDataId(place.Id));
                AddToAddress(place.Offset);
                break;
            case PlaceBase.Constant when FitsAddend(place.Offset):
                _code.ConstantAddress(new MirConstantId(place.Id), place.AlignmentLog2, (int)place.Offset);
                break;
            case PlaceBase.Constant:
                _code.ConstantAddress(new MirConstantId(place.Id), place.AlignmentLog2);
                AddToAddress(place.Offset);
                break;
            default:
                _code.AddressConst(place.Offset);
                break;
        }
    }

    private void AddToAddress(long offset)
    {
        if (offset == 0)
            return;
        _code.AddressConst(offset);
        EmitAddress(MirOpcode.I32Add);
    }

    /// <summary>An instruction on addresses, given by its name for i32.</summary>
    private void EmitAddress(MirOpcode opcode32) => _code.Emit(Registers.ForWidth(opcode32, _target.Is64));

    private static bool FitsOffset(long offset) => offset is >= 0 and <= uint.MaxValue;

    private static bool FitsAddend(long offset) => offset is >= int.MinValue and <= int.MaxValue;

    // ── results ──

    /// <summary>Puts what is on the operand stack in a local for the result; drops it when nobody uses it.</summary>
    private void Define(ValueType type)
    {
        if (!IsResultUsed)
        {
            _code.Emit(MirOpcode.Drop);
            return;
        }
        MirLocal local = _code.NewLocal(type);
        _locations[_current.Index] = Location.In(local);
        _code.LocalSet(local);
    }

    private void Define() => Define(_facts[ResultType].ValueType);

    /// <summary>The result is the address of a place.</summary>
    private void DefinePlace(Place place)
    {
        if (place.Base == PlaceBase.Frame && place.Offset is >= 0 and <= int.MaxValue)
        {
            _locations[_current.Index] = Location.AtFrame((uint)place.Offset);
            return;
        }
        PushAddress(place);
        Define(_code.AddressType);
    }

    /// <summary>Takes room in the frame for the result, which is by reference.</summary>
    private Place DefineInFrame()
    {
        TypeFacts facts = _facts[ResultType];
        Place place = NewSlot(facts);
        _locations[_current.Index] = Location.AtFrame((uint)place.Offset);
        return place;
    }

    private Place NewSlot(in TypeFacts facts) => Place.InFrame(AllocateInFrame(facts.Size, facts.AlignmentLog2));

    /// <summary>Takes room in the frame. What has no room is reported, once for a function, and gets a place all the same.</summary>
    private uint AllocateInFrame(uint size, int alignmentLog2)
    {
        const uint MostFrame = 1 << 29;
        if (size <= MostFrame && alignmentLog2 <= 29 && _code.FrameSize <= MostFrame)
            return _code.AllocateInFrame(size, alignmentLog2);
        if (!_isFrameReported)
            _context.Diagnostics.Add(CodeGenErrors.FrameSize(Here));
        _isFrameReported = true;
        return _code.AllocateInFrame(1, 0);
    }

    /// <summary>A local until the end of the instruction.</summary>
    private MirLocal Temporary(ValueType type)
    {
        MirLocal local = _code.NewLocal(type);
        _temporaries.Add(local);
        return local;
    }

    /// <summary>Pops into a local until the end of the instruction.</summary>
    private MirLocal PopToTemporary(ValueType type)
    {
        MirLocal local = Temporary(type);
        _code.LocalSet(local);
        return local;
    }

    /// <summary>A place whose address is computed once.</summary>
    private Place Settle(Place place)
    {
        if (place.Base is PlaceBase.Local or PlaceBase.Frame or PlaceBase.Zero)
            return place;
        PushAddress(place);
        return Place.At(PopToTemporary(_code.AddressType));
    }
}
