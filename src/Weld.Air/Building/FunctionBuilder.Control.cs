using System.Runtime.InteropServices;

namespace Weld.Air.Building;

/// <content>Instructions that have bodies, and those that leave them.</content>
public sealed partial class FunctionBuilder
{
    // ---- Blocks and loops ----

    /// <summary>A block with a result, which its body gives with <see cref="Br(InstructionId, Operand)"/>.</summary>
    public InstructionId Block(TypeId type, Action<InstructionId> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        InstructionId block = BeginBody(AirOpcode.Block, type);
        body(block);
        if (!IsTerminated && type == TypeId.Void)
            Br(block);
        EndBody();
        return block;
    }

    /// <summary>A block without a result. Its body may also leave it at its end.</summary>
    public InstructionId Block(Action<InstructionId> body) => Block(TypeId.Void, body);

    /// <summary>As <see cref="Block(TypeId, Action{InstructionId})"/>, for code that was copied from a function.</summary>
    public InstructionId DbgInlineBlock(AirFunction function, TypeId type, Action<InstructionId> body)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(body);
        InstructionId block = BeginBody(AirOpcode.DbgInlineBlock, type, function.Id.Index);
        body(block);
        if (!IsTerminated && type == TypeId.Void)
            Br(block);
        EndBody();
        return block;
    }

    /// <summary>Executes the body again and again; its end goes to its start.</summary>
    public void Loop(Action<InstructionId> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        InstructionId loop = BeginBody(AirOpcode.Loop, TypeId.NoReturn);
        body(loop);
        if (!IsTerminated)
            Repeat(loop);
        EndBody();
    }

    public void Repeat(InstructionId loop) => Emit(AirOpcode.Repeat, TypeId.NoReturn, loop.Index);

    public void Br(InstructionId block) => Br(block, ValueId.Void);

    public void Br(InstructionId block, Operand result) => Emit(AirOpcode.Br, TypeId.NoReturn, block.Index, result.Raw);

    // ---- Conditions ----

    /// <summary>Executes one of the bodies, neither of which comes back.</summary>
    public void CondBr(Operand condition, Action then, Action otherwise)
    {
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(otherwise);
        BeginBody(AirOpcode.CondBr, TypeId.NoReturn, condition.Raw);
        then();
        EndBody();
        otherwise();
        EndBody();
    }

    /// <summary>Executes one of the bodies and goes on after it: a block around a <see cref="CondBr"/>.</summary>
    public void If(Operand condition, Action then, Action? otherwise = null)
    {
        ArgumentNullException.ThrowIfNull(then);
        Block(end => CondBr(condition, () => Leaving(end, then), () => Leaving(end, otherwise)));
    }

    private void Leaving(InstructionId block, Action? body)
    {
        body?.Invoke();
        if (!IsTerminated)
            Br(block);
    }

    // ---- Switches ----

    /// <summary>Executes one of the cases, none of which comes back.</summary>
    public void SwitchBr(Operand value, Action<SwitchBuilder> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        BeginSwitch(AirOpcode.SwitchBr, value);
        cases(new SwitchBuilder(this));
        EndSwitch();
    }

    /// <summary>As <see cref="SwitchBr"/>; <see cref="SwitchDispatch"/> chooses again.</summary>
    public void LoopSwitchBr(Operand value, Action<InstructionId, SwitchBuilder> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        InstructionId id = BeginSwitch(AirOpcode.LoopSwitchBr, value);
        cases(id, new SwitchBuilder(this));
        EndSwitch();
    }

    public void SwitchDispatch(InstructionId loopSwitch, Operand value) =>
        Emit(AirOpcode.SwitchDispatch, TypeId.NoReturn, loopSwitch.Index, value.Raw);

    /// <summary>Starts a switch; add its cases, then <see cref="EndSwitch"/>.</summary>
    public InstructionId BeginSwitch(AirOpcode opcode, Operand value)
    {
        InstructionId id = Append(opcode, TypeId.NoReturn);
        // Until the cases are known, so that the value can be asked for.
        SetWords(id, [value.Raw]);
        _open.Push(new OpenBody(id, 0, 0, [value.Raw, 0, 0]));
        return id;
    }

    /// <summary>What the open switch switches on.</summary>
    public Operand SwitchValue => Operand.FromRaw(OpenSwitch()[0]);

    /// <summary>Starts the body of a case.</summary>
    /// <param name="items">Constants.</param>
    /// <param name="rangeEnds">The first and last constant of each range, one after the other.</param>
    public void BeginCase(ReadOnlySpan<ValueId> items, ReadOnlySpan<ValueId> rangeEnds = default)
    {
        List<int> words = OpenSwitch();
        words[1]++;
        words.AddRange([items.Length, rangeEnds.Length / 2, 0]);
        words.AddRange(MemoryMarshal.Cast<ValueId, int>(items));
        words.AddRange(MemoryMarshal.Cast<ValueId, int>(rangeEnds));
        _open.Push(_open.Pop() with { NextWord = words.Count - items.Length - rangeEnds.Length - 1 });
        IsTerminated = false;
    }

    /// <summary>Ends the body of a case.</summary>
    public void EndCase() => OpenSwitch()[_open.Peek().NextWord] = _count;

    /// <summary>After all cases: starts the else body, which <see cref="EndSwitch"/> ends.</summary>
    public void BeginElse()
    {
        OpenSwitch()[2] = 1;
        IsTerminated = false;
    }

    public void EndSwitch()
    {
        List<int> words = OpenSwitch();
        words.Add(_count);
        SetWords(_open.Pop().Instruction, CollectionsMarshal.AsSpan(words));
        IsTerminated = true;
    }

    private List<int> OpenSwitch() => _open.Peek().Switch ?? throw new InvalidOperationException("the open body is not one of a switch");

    // ---- Errors ----

    /// <summary>The payload of an error union; the body, which does not come back, takes care of an error.</summary>
    public Operand Try(Operand errorUnion, Action onError) =>
        Try(AirOpcode.Try, ((ErrorUnionType)Module.Types[TypeOf(errorUnion)]).Payload, errorUnion, onError);

    /// <summary>As <see cref="Try(Operand, Action)"/>, for errors that are rare.</summary>
    public Operand TryCold(Operand errorUnion, Action onError) =>
        Try(AirOpcode.TryCold, ((ErrorUnionType)Module.Types[TypeOf(errorUnion)]).Payload, errorUnion, onError);

    /// <summary>The pointer (of that type) to the payload of the error union that the pointer points to.</summary>
    public Operand TryPtr(TypeId type, Operand pointer, Action onError) => Try(AirOpcode.TryPtr, type, pointer, onError);

    public Operand TryPtrCold(TypeId type, Operand pointer, Action onError) => Try(AirOpcode.TryPtrCold, type, pointer, onError);

    private InstructionId Try(AirOpcode opcode, TypeId type, Operand operand, Action onError)
    {
        ArgumentNullException.ThrowIfNull(onError);
        InstructionId id = BeginBody(opcode, type, operand.Raw);
        onError();
        EndBody();
        return id;
    }

    // ---- Returns and calls ----

    public void Ret() => Ret(ValueId.Void);

    public void Ret(Operand result) => Emit(AirOpcode.Ret, TypeId.NoReturn, result.Raw);

    public void RetSafe(Operand result) => Emit(AirOpcode.RetSafe, TypeId.NoReturn, result.Raw);

    public void RetLoad(Operand pointer) => Emit(AirOpcode.RetLoad, TypeId.NoReturn, pointer.Raw);

    /// <summary>The pointer to where the function's result goes.</summary>
    public Operand RetPtr() => Emit(AirOpcode.RetPtr, Module.Types.Pointer(FunctionType.Result));

    public Operand Call(AirFunction function, params ReadOnlySpan<Operand> arguments) => Call(PointerTo(function), arguments);

    public Operand Call(Operand function, params ReadOnlySpan<Operand> arguments) => Call(AirOpcode.Call, function, arguments);

    public Operand CallNeverTail(Operand function, params ReadOnlySpan<Operand> arguments) => Call(AirOpcode.CallNeverTail, function, arguments);

    public Operand CallNeverInline(Operand function, params ReadOnlySpan<Operand> arguments) => Call(AirOpcode.CallNeverInline, function, arguments);

    /// <summary>Calls and returns what the function returns.</summary>
    public void TailCall(Operand function, params ReadOnlySpan<Operand> arguments)
    {
        Operand result = Call(AirOpcode.CallAlwaysTail, function, arguments);
        if (!IsTerminated)
            Ret(TypeOf(result) == TypeId.Void ? ValueId.Void : result);
    }

    private InstructionId Call(AirOpcode opcode, Operand function, ReadOnlySpan<Operand> arguments)
    {
        if (!Module.Types.TryGetFunction(TypeOf(function), out FunctionType type))
            throw new ArgumentException("neither a function nor a pointer to one", nameof(function));
        return EmitList(opcode, type.Result, function.Raw, arguments);
    }

    private InstructionId EmitList(AirOpcode opcode, TypeId type, int first, ReadOnlySpan<Operand> rest)
    {
        Span<int> words = rest.Length < 32 ? stackalloc int[rest.Length + 1] : new int[rest.Length + 1];
        words[0] = first;
        MemoryMarshal.Cast<Operand, int>(rest).CopyTo(words[1..]);
        return Emit(opcode, type, words);
    }
}
