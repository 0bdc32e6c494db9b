namespace Weld.Air.Generator;

/// <summary>Writes the body of one function: statements, and values that are computed for them.</summary>
internal sealed partial class FunctionWriter
{
    private const int MostStatements = 9;
    private const int MostNesting = 3;

    private readonly List<Operand> _values = [];
    private readonly List<Operand> _places = [];
    private readonly ProgramWriter _program;
    private readonly FunctionBuilder _f;
    private int _budget = 220;
    private int _nesting;
    private AirFunction? _self;

    public FunctionWriter(ProgramWriter program, FunctionBuilder f)
    {
        _program = program;
        _f = f;
        for (int i = 0; i < f.FunctionType.Parameters.Count; i++)
            _values.Add(f.Parameter(i));
    }

    private AirModule Module => _program.Module;

    private Choices Choices => _program.Choices;

    private TypePool Pool => _program.Pool;

    private TypeId ResultType => _f.FunctionType.Result;

    /// <summary>Statements, then the result.</summary>
    /// <param name="self">The function, if it may call itself; its first parameter is a u8 then.</param>
    public void WriteBody(AirFunction? self)
    {
        _self = self;
        Statements();
        Return();
    }

    /// <summary>Starts the checksum, calls all functions, and gives the checksum.</summary>
    public void WriteEntry()
    {
        Operand checksum = _f.PointerTo(_program.Checksum);
        _f.Store(checksum, _f.Constant(TypeId.U64, 0));
        foreach (AirFunction function in _program.Functions)
            Keep(CallWith(function, depth: 0));
        Statements();
        foreach (AirVariable variable in _program.Variables)
            Observe(_f.Load(_f.PointerTo(variable)));
        _f.Ret(_f.Load(checksum));
    }

    // ---- Scopes ----

    /// <summary>Statements in a body of their own.</summary>
    private void Inside(Action body)
    {
        int values = _values.Count;
        int places = _places.Count;
        _nesting++;
        body();
        _nesting--;
        _values.RemoveRange(values, _values.Count - values);
        _places.RemoveRange(places, _places.Count - places);
    }

    /// <summary>Makes a result known to what follows, and perhaps observes it.</summary>
    private void Keep(Operand value)
    {
        if (!IsFoldable(_f.TypeOf(value)))
            return;
        _values.Add(value);
        if (Choices.Next(3) != 0)
            Observe(value);
    }

    private void Observe(Operand value)
    {
        TypeId type = _f.TypeOf(value);
        if (!IsFoldable(type))
            return;
        Operand checksum = _f.PointerTo(_program.Checksum);
        _f.Store(checksum, _f.Call(_program.Folds.Of(type), _f.Load(checksum), value));
    }

    private static bool IsFoldable(TypeId type) => type != TypeId.Void && type != TypeId.NoReturn;

    private void Return()
    {
        if (_f.FunctionType.Result == TypeId.Void)
            _f.Ret();
        else if (Choices.OneIn(6))
            _f.RetSafe(Value(ResultType, 2));
        else if (Choices.OneIn(6))
            ReturnInPlace();
        else if (_program.Options.HasTailCalls && Choices.OneIn(4) && SameResult() is { } function)
            TailCall(function);
        else
            _f.Ret(Value(ResultType, 3));
    }

    private void ReturnInPlace()
    {
        Operand place = _f.RetPtr();
        _f.Store(place, Value(ResultType, 2));
        if (Choices.OneIn(2))
            _f.Store(_f.RetPtr(), Value(ResultType, 2));
        _f.RetLoad(place);
    }

    private AirFunction? SameResult() => _program.Functions.FirstOrDefault(function =>
        Module.Types[function.Type] is FunctionType type && type.Result == ResultType && type.Convention == _f.FunctionType.Convention);

    private void TailCall(AirFunction function)
    {
        var type = (FunctionType)Module.Types[function.Type];
        Operand[] arguments = [.. type.Parameters.Select(parameter => Value(parameter, 2))];
        _f.TailCall(_f.PointerTo(function), arguments);
    }

    // ---- Statements ----

    private void Statements()
    {
        Choices.Several(_nesting == 0 ? MostStatements : 4, _nesting == 0 ? 16 : 3, _ => Statement());
    }

    private void Statement()
    {
        if (_budget-- <= 0)
            return;
        bool mayNest = _nesting < MostNesting;
        switch (Choices.Next(29))
        {
            case 0 or 1 or 2 or 3:
                Keep(Value(Pool.Any(), 4));
                break;
            case 4 or 5:
                AddPlace();
                break;
            case 6 or 7:
                StoreSomewhere();
                break;
            case 8:
                Keep(_f.Load(SomePlace()));
                break;
            case 9 or 10 when mayNest:
                If();
                break;
            case 11 or 12 when mayNest:
                CountedLoop();
                break;
            case 13 or 14 when mayNest:
                Switch();
                break;
            case 15 when mayNest:
                Dispatch();
                break;
            case 16:
                if (_program.Functions.Count > 0)
                    Keep(CallWith(Choices.Pick(_program.Functions), 3));
                break;
            case 17:
                FillOrCopy();
                break;
            case 18:
                ChangeInPlace();
                break;
            case 19 when mayNest:
                TrySomething();
                break;
            case 20:
                Names();
                break;
            case 21:
                if (_program.Options.HasAtomics)
                    Atomic();
                break;
            case 22:
                Slices();
                break;
            case 23:
                BareUnion();
                break;
            case 24:
                Swap();
                break;
            case 25:
                Trifles();
                break;
            case 26 when _self is not null && mayNest:
                CallSelf();
                break;
            case 27 when _nesting > 0 && Choices.OneIn(3):
                _f.If(Value(TypeId.Bool, 2), () => Inside(Return));
                break;
            default:
                Keep(Value(Pool.Any(), 3));
                break;
        }
    }

    private void AddPlace()
    {
        TypeId type = Pool.Any();
        Operand place = _f.Alloc(type, Choices.OneIn(10) ? 16 : 0);
        if (Choices.OneIn(8))
            _f.StoreSafe(place, Value(type, 3));
        else
            _f.Store(place, Value(type, 3));
        _places.Add(place);
    }

    /// <summary>A pointer to a variable here or of the program, or to a part of one.</summary>
    private Operand SomePlace()
    {
        int all = _places.Count + _program.Variables.Count;
        if (all == 0)
        {
            Operand added = _f.Alloc(TypeId.U32);
            _f.Store(added, _f.Constant(TypeId.U32, 0));
            _places.Add(added);
            return added;
        }
        int index = Choices.Next(all);
        Operand place = index < _places.Count ? _places[^(index + 1)] : _f.PointerTo(_program.Variables[index - _places.Count]);
        for (int depth = 0; depth < 3 && Choices.Next(3) != 0; depth++)
            if (PartOf(place) is { } part)
                place = part;
        return place;
    }

    private Operand? PartOf(Operand place)
    {
        TypeId type = PointeeOf(place);
        switch (Module.Types[type])
        {
            case StructType { Layout: not ContainerLayout.Packed } fields:
                int number = Choices.Next(fields.Fields.Count);
                Operand field = _f.StructFieldPtr(Module.Types.Pointer(fields.Fields[number].Type), place, number);
                if (!Choices.OneIn(6))
                    return field;
                Operand parent = _f.FieldParentPtr(Module.Types.Pointer(type), field, number);
                return _f.StructFieldPtr(Module.Types.Pointer(fields.Fields[number].Type), parent, number);
            case ArrayType array:
                return _f.PtrElemPtr(Module.Types.Pointer(array.Child), place, Index(array.Length));
            case VectorType { Child: var child } vector when child != TypeId.Bool:
                return null;
            default:
                return null;
        }
    }

    /// <summary>A usize below the length.</summary>
    private Operand Index(ulong length)
    {
        if (Choices.Next(3) == 0)
            return _f.Constant(TypeId.Usize, Choices.Next((int)length));
        return _f.Rem(Value(TypeId.Usize, 1), _f.Constant(TypeId.Usize, (long)length));
    }

    private TypeId PointeeOf(Operand pointer) => Module.Types.TryGetPointee(_f.TypeOf(pointer), out TypeId pointee) ? pointee : default;

    private void StoreSomewhere()
    {
        Operand place = SomePlace();
        if (Module.Types[PointeeOf(place)] is StructType { Layout: ContainerLayout.Packed } packed)
            StorePacked(place, packed);
        else if (Module.Types[PointeeOf(place)] is VectorType vector && Choices.OneIn(2))
            _f.VectorStoreElem(place, Index((ulong)vector.Length), Value(vector.Child, 3));
        else
            _f.Store(place, Value(PointeeOf(place), 4));
    }

    private void StorePacked(Operand place, StructType packed)
    {
        TypeId type = PointeeOf(place);
        TypeLayout layout = _program.Constants.Layouts.Get(type);
        int number = Choices.Next(packed.Fields.Count);
        TypeId field = packed.Fields[number].Type;
        TypeId bits = Module.Types.Intern(new PointerType(field) { HostBytes = (int)layout.Size, BitOffset = layout.FieldBitOffsets[number] });
        Operand pointer = _f.StructFieldPtr(bits, place, number);
        _f.Store(pointer, Value(field, 3));
        Keep(_f.Load(pointer));
    }

    private void If()
    {
        Operand condition = Value(TypeId.Bool, 3);
        if (Choices.OneIn(2))
            _f.If(condition, () => Inside(Statements), () => Inside(Statements));
        else
            _f.If(condition, () => Inside(Statements));
    }

    private void CountedLoop()
    {
        Operand counter = _f.Alloc(TypeId.U8);
        _f.Store(counter, _f.Constant(TypeId.U8, 0));
        Operand times = Choices.OneIn(3) ? _f.BitAnd(Value(TypeId.U8, 2), _f.Constant(TypeId.U8, 3)) : _f.Constant(TypeId.U8, Choices.Next(5));
        _f.Block(end => _f.Loop(loop => Inside(() =>
        {
            Operand now = _f.Load(counter);
            _f.If(_f.CmpGte(now, times), () => _f.Br(end));
            _f.Store(counter, _f.Add(now, _f.Constant(TypeId.U8, 1)));
            _values.Add(now);
            Statements();
            if (Choices.OneIn(3))
            {
                bool leaves = Choices.OneIn(2);
                _f.If(Value(TypeId.Bool, 2), () =>
                {
                    if (leaves)
                        _f.Br(end);
                    else
                        _f.Repeat(loop);
                });
                Statements();
            }
        })));
    }

    private void Switch()
    {
        TypeId type = SwitchableType();
        List<(ValueId[] Items, ValueId[] Ranges)> cases = Cases(type, out bool needsElse);
        Operand value = Choices.OneIn(2) ? NearCase(type, cases) : Value(type, 3);
        bool hasElse = needsElse || Choices.OneIn(2);
        TypeId result = Choices.OneIn(2) ? TypeId.Void : Pool.Any();
        InstructionId block = _f.Block(result, end => _f.SwitchBr(value, s =>
        {
            foreach ((ValueId[] items, ValueId[] ranges) in cases)
                s.Case(items, ranges, () => Inside(() => Leave(end, result)));
            if (hasElse)
                s.Else(() => Inside(() => Leave(end, result)));
        }));
        if (result != TypeId.Void)
            Keep(block);
    }

    /// <summary>The value of a case, or one that is taken for it when bits are lost, or one beside it.</summary>
    private Operand NearCase(TypeId type, List<(ValueId[] Items, ValueId[] Ranges)> cases)
    {
        ValueId[] values = [.. cases.SelectMany(static item => item.Items.Concat(item.Ranges))];
        if (values.Length == 0)
            return Value(type, 3);
        ValueId value = Choices.Pick(values);
        if (Module.Types[type] is IntegerType)
        {
            BigInteger number = ((IntegerValue)Module.Values[value]).Value;
            number += Choices.Next(5) switch { 0 or 1 => 0, 2 => 1, 3 => -1, _ => BigInteger.One << 32 };
            value = Module.Values.Integer(type, _program.Constants.Wrap(type, number));
        }
        // Through memory, so that it is not a constant.
        Operand place = _f.Alloc(type);
        _f.Store(place, value);
        return _f.Load(place);
    }

    private void Leave(InstructionId block, TypeId result)
    {
        Statements();
        if (result == TypeId.Void)
            _f.Br(block);
        else
            _f.Br(block, Value(result, 2));
    }

    private TypeId SwitchableType() => Choices.Next(4) switch
    {
        0 => Pool.Integer(),
        1 => TypeId.Bool,
        2 => Pool.AnyWhere(static type => type is EnumType) ?? TypeId.U8,
        _ => Pool.AnyWhere(static type => type is ErrorSetType) ?? Pool.Integer(),
    };

    /// <summary>Cases that do not overlap; sometimes all values of the type.</summary>
    private List<(ValueId[] Items, ValueId[] Ranges)> Cases(TypeId type, out bool needsElse)
    {
        var cases = new List<(ValueId[], ValueId[])>();
        needsElse = true;
        switch (Module.Types[type])
        {
            case SimpleType:
                cases.Add(([ValueId.False], []));
                if (Choices.OneIn(2))
                    cases.Add(([ValueId.True], []));
                needsElse = cases.Count == 1;
                return cases;
            case ErrorSetType set:
                foreach (ErrorId error in set.Errors)
                    if (!Choices.OneIn(3))
                        cases.Add(([Module.Values.Intern(new ErrorValue(type, error))], []));
                needsElse = cases.Count < set.Errors.Count;
                return cases;
            case EnumType tags:
                foreach (EnumField field in tags.Fields)
                    if (!Choices.OneIn(3))
                        cases.Add(([Module.Values.Integer(type, field.Value)], []));
                needsElse = cases.Count < tags.Fields.Count || tags.IsOpen;
                return cases;
        }
        IntegerShape shape = _program.Constants.Shape(type);
        var points = new SortedSet<BigInteger>();
        bool isDense = Choices.OneIn(2);
        BigInteger start = _program.Constants.Integer(type);
        Choices.Several(10, 12, i => points.Add(isDense ? BigInteger.Clamp(start + i, shape.Least, shape.Most) : _program.Constants.Integer(type)));
        AddCases(type, [.. points], cases);
        return cases;
    }

    private void AddCases(TypeId type, BigInteger[] points, List<(ValueId[], ValueId[])> cases)
    {
        for (int i = 0; i < points.Length;)
        {
            var items = new List<ValueId>();
            var ranges = new List<ValueId>();
            int most = 1 + Choices.Next(3);
            for (int n = 0; n < most && i < points.Length; n++)
            {
                // From this point to the next one: nothing is between them.
                if (i + 1 < points.Length && Choices.OneIn(3))
                {
                    ranges.AddRange([Module.Values.Integer(type, points[i]), Module.Values.Integer(type, points[i + 1])]);
                    i += 2;
                }
                else
                {
                    items.Add(Module.Values.Integer(type, points[i++]));
                }
            }
            cases.Add(([.. items], [.. ranges]));
        }
    }

    private void Dispatch()
    {
        // A counter bounds it; what runs next is a computed state.
        TypeId type = Choices.OneIn(2) ? TypeId.U8 : TypeId.U32;
        int states = 2 + Choices.Next(4);
        Operand left = _f.Alloc(TypeId.U8);
        _f.Store(left, _f.Constant(TypeId.U8, 1 + Choices.Next(8)));
        Operand first = _f.Constant(type, Choices.Next(states));
        _f.Block(end => _f.LoopSwitchBr(first, (loop, s) =>
        {
            for (int i = 0; i < states; i++)
                s.Case(Module.Values.Integer(type, i), () => Inside(() => State(loop, end, left, type, states)));
            s.Else(() => Inside(() => State(loop, end, left, type, states)));
        }));
    }

    private void State(InstructionId loop, InstructionId end, Operand left, TypeId type, int states)
    {
        Operand now = _f.Load(left);
        _f.If(_f.CmpEq(now, _f.Constant(TypeId.U8, 0)), () => _f.Br(end));
        _f.Store(left, _f.Sub(now, _f.Constant(TypeId.U8, 1)));
        Statements();
        Operand next = Choices.OneIn(3) ? Value(type, 1) : _f.Constant(type, Choices.Next(states + 1));
        if (Choices.OneIn(2))
            next = _f.Rem(next, _f.Constant(type, states));
        _f.SwitchDispatch(loop, next);
    }

    private Operand CallWith(AirFunction function, int depth)
    {
        var type = (FunctionType)Module.Types[function.Type];
        var arguments = new Operand[type.Parameters.Count];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = depth == 0 ? _program.Constants.Make(type.Parameters[i]) : Value(type.Parameters[i], depth - 1);
        Operand pointer = _f.PointerTo(function);
        switch (Choices.Next(6))
        {
            case 1:
                return _f.CallNeverInline(pointer, arguments);
            case 2:
                return _f.CallNeverTail(pointer, arguments);
            case 3:
                Operand place = _f.Alloc(_f.TypeOf(pointer));
                _f.Store(place, pointer);
                return _f.Call(_f.Load(place), arguments);
            default:
                return _f.Call(pointer, arguments);
        }
    }

    private void FillOrCopy()
    {
        if (Pool.AnyWhere(static type => type is ArrayType { Sentinel.HasValue: false }) is not { } type)
            return;
        TypeId child = ((ArrayType)Module.Types[type]).Child;
        Operand to = _f.Alloc(type);
        _f.Store(to, Value(type, 2));
        switch (Choices.Next(4))
        {
            case 0:
                _f.Memset(to, Value(child, 3));
                break;
            case 1:
                Operand from = _f.Alloc(type);
                _f.Store(from, Value(type, 2));
                _f.Memcpy(to, from);
                break;
            case 2:
                Operand many = _f.Bitcast(Module.Types.ManyPointer(child), to);
                ulong length = ((ArrayType)Module.Types[type]).Length;
                int count = Choices.Next((int)length + 1);
                Operand start = _f.PtrAdd(Module.Types.ManyPointer(child), many, _f.Constant(TypeId.Usize, (long)length - count));
                Operand target = _f.Slice(Module.Types.Slice(child), many, _f.Constant(TypeId.Usize, count));
                _f.Memmove(target, start);
                break;
            default:
                _f.MemsetSafe(_f.ArrayToSlice(Module.Types.Slice(child), to), Value(child, 3));
                break;
        }
        _places.Add(to);
        Observe(_f.Load(to));
    }

    /// <summary>Optionals, error unions and unions in memory.</summary>
    private void ChangeInPlace()
    {
        if (Pool.AnyWhere(static type => type is OptionalType or ErrorUnionType or UnionType) is not { } type)
            return;
        Operand place = _f.Alloc(type);
        _f.Store(place, Value(type, 3));
        switch (Module.Types[type])
        {
            case OptionalType { Child: var child }:
                Keep(Choices.OneIn(2) ? _f.IsNullPtr(place) : _f.IsNonNullPtr(place));
                if (child != TypeId.Void)
                    _f.If(_f.IsNonNullPtr(place), () => Inside(() => Keep(_f.Load(_f.OptionalPayloadPtr(Module.Types.Pointer(child), place)))));
                Operand payload = _f.OptionalPayloadPtrSet(Module.Types.Pointer(child), place);
                if (child != TypeId.Void)
                    _f.Store(payload, Value(child, 3));
                break;
            case ErrorUnionType union:
                Keep(Choices.OneIn(2) ? _f.IsErrPtr(place) : _f.IsNonErrPtr(place));
                _f.If(_f.IsErrPtr(place), () => Inside(() => Keep(_f.UnwrapErrunionErrPtr(union.ErrorSet, place))), () => Inside(() =>
                {
                    if (union.Payload != TypeId.Void)
                        Keep(_f.Load(_f.UnwrapErrunionPayloadPtr(Module.Types.Pointer(union.Payload), place)));
                }));
                Operand set = _f.ErrunionPayloadPtrSet(Module.Types.Pointer(union.Payload), place);
                if (union.Payload != TypeId.Void)
                    _f.Store(set, Value(union.Payload, 3));
                break;
            case UnionType union:
                int number = Choices.Next(union.Fields.Count);
                AirField field = union.Fields[number];
                _f.SetUnionTag(place, Module.Values.Enum(union.Tag.Value, field.Name));
                if (field.Type != TypeId.Void)
                    _f.Store(_f.StructFieldPtr(Module.Types.Pointer(field.Type), place, number), Value(field.Type, 3));
                break;
        }
        _places.Add(place);
        Observe(_f.Load(place));
    }

    private void TrySomething()
    {
        if (Pool.AnyWhere(static type => type is ErrorUnionType) is not { } type)
            return;
        var union = (ErrorUnionType)Module.Types[type];
        Operand value = Value(type, 3);
        bool isCold = Choices.OneIn(2);
        void OnError() => Inside(() =>
        {
            Statements();
            Return();
        });
        if (Choices.OneIn(2) && union.Payload != TypeId.Void)
        {
            Operand place = _f.Alloc(type);
            _f.Store(place, value);
            TypeId pointer = Module.Types.Pointer(union.Payload);
            Keep(_f.Load(isCold ? _f.TryPtrCold(pointer, place, OnError) : _f.TryPtr(pointer, place, OnError)));
            return;
        }
        Keep(isCold ? _f.TryCold(value, OnError) : _f.Try(value, OnError));
    }

    private void Names()
    {
        TypeId? type = Pool.AnyWhere(static type => type is EnumType or ErrorSetType);
        if (type is null)
            return;
        Operand value = Value(type.Value, 3);
        if (Module.Types[type.Value] is ErrorSetType)
        {
            Keep(Choices.OneIn(2) ? _f.ErrorName(value) : _f.ErrorSetHasValue(Module.Types.ErrorSet("NotFound", "Broken"), value));
            return;
        }
        if (Choices.OneIn(2))
            Keep(_f.IsNamedEnumValue(value));
        else
            Keep(Risky([value], 0, type.Value, 0, operands => _f.TagName(operands[0])));
    }

    private void Atomic()
    {
        TypeId type = Choices.Pick([TypeId.U32, TypeId.I32, TypeId.U8, TypeId.I8, TypeId.U16, TypeId.I16, TypeId.U64, TypeId.I64]);
        Operand place = _f.Alloc(type);
        _f.AtomicStore(place, Value(type, 2), MemoryOrder.SeqCst);
        for (int i = Choices.Next(3); i >= 0; i--)
        {
            if (Choices.OneIn(3))
                Keep(_f.CmpxchgStrong(place, Value(type, 2), Value(type, 2), MemoryOrder.SeqCst, MemoryOrder.Monotonic));
            else
                Keep(_f.AtomicRmw((RmwOperator)Choices.Next(9), place, Value(type, 2), MemoryOrder.SeqCst));
        }
        _f.Fence(MemoryOrder.SeqCst);
        Keep(_f.AtomicLoad(type, place, MemoryOrder.Acquire));
    }

    /// <summary>A union without a tag: the field that was written is read, or the low bytes of one as a smaller integer.</summary>
    private void BareUnion()
    {
        bool isExtern = Choices.OneIn(2);
        TypeId first = isExtern ? Choices.Pick([TypeId.U32, TypeId.U64, TypeId.I32, TypeId.I64]) : Pool.Any();
        TypeId second = isExtern ? Choices.Pick([TypeId.U8, TypeId.I8, TypeId.U16, TypeId.I16, TypeId.U32]) : Pool.Any();
        TypeId type = Module.Types.Define(
            $"U{Module.Types.Count}", new UnionType(isExtern ? ContainerLayout.Extern : ContainerLayout.Auto, [new AirField("a", first), new AirField("b", second)]));
        int read = isExtern ? Choices.Next(2) : 0;
        Operand value = _f.UnionInit(type, 0, Value(first, 3));
        Keep(_f.StructFieldVal(value, read));
        Operand place = _f.Alloc(type);
        _f.Store(place, value);
        Keep(_f.Load(_f.StructFieldPtr(Module.Types.Pointer(read == 0 ? first : second), place, read)));
        _f.Store(_f.StructFieldPtr(Module.Types.Pointer(second), place, 1), Value(second, 3));
        Keep(_f.StructFieldVal(_f.Load(place), 1));
    }

    /// <summary>What was loaded must not change when its place does.</summary>
    private void Swap()
    {
        Operand x = SomePlace();
        TypeId type = PointeeOf(x);
        Operand old = _f.Load(x);
        List<Operand> others = _places.FindAll(place => PointeeOf(place) == type);
        if (others.Count == 0)
        {
            _f.Store(x, Value(type, 3));
        }
        else
        {
            Operand y = Choices.Pick(others);
            Operand other = _f.Load(y);
            _f.Store(x, other);
            _f.Store(y, old);
            Observe(other);
        }
        Observe(old);
        Observe(_f.Load(x));
    }

    private void Trifles()
    {
        switch (Choices.Next(6))
        {
            case 0:
                _f.DbgStmt(1 + Choices.Next(100), 1);
                break;
            case 1:
                Operand value = Value(Pool.Any(), 2);
                _f.DbgVarVal("v", value);
                Keep(value);
                break;
            case 2:
                Operand place = SomePlace();
                _f.Prefetch(place);
                _f.DbgVarPtr("p", place);
                break;
            case 3:
                Keep(_f.CmpLtErrorsLen(Value(TypeId.U16, 2)));
                break;
            case 4 when _program.Functions.Count > 0 && _nesting < MostNesting:
                TypeId type = Pool.Any();
                Keep(_f.DbgInlineBlock(Choices.Pick(_program.Functions), type, end => Inside(() => Leave(end, type))));
                break;
            default:
                if (Pool.AnyWhere(static type => type is PointerType) is { } pointer)
                    Keep(Choices.OneIn(2) ? _f.CmpEq(Value(pointer, 2), Value(pointer, 2)) : _f.CmpNeq(Value(pointer, 2), Value(pointer, 2)));
                break;
        }
    }

    /// <summary>A call of the function itself with a first argument that is one less, until that is 0.</summary>
    private void CallSelf()
    {
        AirFunction self = _self!;
        _self = null;
        Operand depth = _f.BitAnd(_f.Parameter(0), _f.Constant(TypeId.U8, 3));
        _f.If(_f.CmpGt(depth, _f.Constant(TypeId.U8, 0)), () => Inside(() =>
        {
            Operand[] arguments = [_f.Sub(depth, _f.Constant(TypeId.U8, 1)), .. _f.FunctionType.Parameters.Skip(1).Select(type => Value(type, 2))];
            Keep(_f.Call(_f.PointerTo(self), arguments));
        }));
    }

    private void Slices()
    {
        if (Pool.AnyWhere(static type => type is ArrayType { Sentinel.HasValue: false }) is not { } type)
            return;
        var array = (ArrayType)Module.Types[type];
        Operand place = _f.Alloc(type);
        _f.Store(place, Value(type, 2));
        Operand all = _f.ArrayToSlice(Module.Types.Slice(array.Child), place);
        TypeId many = Module.Types.ManyPointer(array.Child);
        int start = Choices.Next((int)array.Length);
        Operand moved = _f.PtrAdd(many, _f.SlicePtr(many, all), _f.Constant(TypeId.Usize, start));
        if (Choices.OneIn(3))
            moved = _f.PtrSub(many, moved, _f.Constant(TypeId.Usize, start));
        Operand part = _f.Slice(Module.Types.Slice(array.Child), moved, _f.Constant(TypeId.Usize, (long)array.Length - start));
        Observe(part);
        Operand index = _f.Constant(TypeId.Usize, Choices.Next((int)array.Length - start));
        _f.Store(_f.SliceElemPtr(Module.Types.Pointer(array.Child), part, index), Value(array.Child, 3));
        Keep(_f.SliceElemVal(part, index));
        Keep(_f.PtrElemVal(_f.SlicePtr(many, part), index));
        Operand copy = _f.Alloc(Module.Types.Slice(array.Child));
        _f.Store(copy, all);
        Keep(_f.Load(_f.PtrSliceLenPtr(Module.Types.Pointer(TypeId.Usize), copy)));
        Keep(_f.PtrElemVal(_f.Load(_f.PtrSlicePtrPtr(Module.Types.Pointer(many), copy)), index));
        Observe(_f.Load(place));
    }
}
