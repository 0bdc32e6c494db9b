using Weld.Mir.Modules;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Mir.Objects;

/// <summary>The function that stores the name of an enum's value, a slice, at an address: parameters are the address and the value.</summary>
/// <remarks>The table has the names in the order of the values. Values that follow one another make a run; the function looks for the
/// run by halving, so an enum whose values have no gaps costs one comparison. A value without a name traps.</remarks>
internal sealed class TagNameFunction
{
    private readonly MirBuilder _builder;
    private readonly MirConstantId _table;
    private readonly List<(ulong First, uint Count, uint Row)> _runs = [];
    private readonly bool _isLong;

    private TagNameFunction(MirBuilder builder, MirConstantId table, bool isLong)
    {
        _builder = builder;
        _table = table;
        _isLong = isLong;
    }

    /// <summary>The names in the order in which the table must have them.</summary>
    public static IEnumerable<string> Rows(MirEnumItem item) => item.Values.OrderBy(value => Normalize(item, value.Value)).Select(static value => value.Name);

    public static Signature Type(MirEnumItem item, bool is64) =>
        Signature.Create([is64 ? ValueType.I64 : ValueType.I32, item.TagBits > 32 ? ValueType.I64 : ValueType.I32], []);

    /// <param name="builder">What to make it with.</param>
    /// <param name="signature">The id of <see cref="Type"/>.</param>
    /// <param name="item">The enum.</param>
    /// <param name="table">The slices of <see cref="Rows"/>.</param>
    public static MirFunction Make(MirBuilder builder, MirSignatureId signature, MirEnumItem item, MirConstantId table)
    {
        bool isLong = item.TagBits > 32;
        builder.Begin(signature, [builder.AddressType, isLong ? ValueType.I64 : ValueType.I32]);
        var maker = new TagNameFunction(builder, table, isLong);
        uint row = 0;
        foreach (ulong value in item.Values.Select(value => Normalize(item, value.Value)).Order())
            maker.AddToRuns(value, row++);
        maker.Search(0, maker._runs.Count);
        return builder.Build();
    }

    // Values are compared as unsigned numbers of the local's width.
    private static ulong Normalize(MirEnumItem item, ulong value) => item.TagBits > 32 ? value : (uint)value;

    private void AddToRuns(ulong value, uint row)
    {
        if (_runs.Count != 0 && _runs[^1] is var last && value - last.First == last.Count)
            _runs[^1] = last with { Count = last.Count + 1 };
        else
            _runs.Add((value, 1, row));
    }

    private void Search(int first, int end)
    {
        if (end - first > 1)
        {
            int middle = first + ((end - first) / 2);
            PushTag();
            PushTagConstant(_runs[middle].First);
            _builder.Emit(_isLong ? MirOpcode.I64LtU : MirOpcode.I32LtU);
            _builder.If();
            Search(first, middle);
            _builder.Else();
            Search(middle, end);
            _builder.End();
        }
        else if (end - first == 1)
        {
            CopyFrom(_runs[first]);
        }
        else
        {
            _builder.Emit(MirOpcode.Unreachable);
        }
    }

    private void CopyFrom((ulong First, uint Count, uint Row) run)
    {
        PushIndexInRun(run);
        PushTagConstant(run.Count);
        _builder.Emit(_isLong ? MirOpcode.I64GeU : MirOpcode.I32GeU);
        _builder.If();
        _builder.Emit(MirOpcode.Unreachable);
        _builder.End();
        int word = _builder.Is64 ? 8 : 4;
        MirLocal source = _builder.NewLocal(_builder.AddressType);
        PushIndexInRun(run);
        if (_builder.Is64 != _isLong)
            _builder.Emit(_isLong ? MirOpcode.I32WrapI64 : MirOpcode.I64ExtendI32U);
        _builder.AddressConst(2 * word);
        _builder.Emit(_builder.Is64 ? MirOpcode.I64Mul : MirOpcode.I32Mul);
        _builder.ConstantAddress(_table, _builder.Is64 ? 3 : 2, checked((int)run.Row * 2 * word));
        _builder.Emit(_builder.Is64 ? MirOpcode.I64Add : MirOpcode.I32Add);
        _builder.LocalSet(source);
        CopyWord(source, 0);
        CopyWord(source, (uint)word);
        _builder.Release(source);
    }

    private void CopyWord(MirLocal source, uint offset)
    {
        int alignment = _builder.Is64 ? 3 : 2;
        _builder.LocalGet(new MirLocal(0));
        _builder.LocalGet(source);
        _builder.Memory(_builder.Is64 ? MirOpcode.I64Load : MirOpcode.I32Load, alignment, offset);
        _builder.Memory(_builder.Is64 ? MirOpcode.I64Store : MirOpcode.I32Store, alignment, offset);
    }

    private void PushIndexInRun((ulong First, uint Count, uint Row) run)
    {
        PushTag();
        if (run.First == 0)
            return;
        PushTagConstant(run.First);
        _builder.Emit(_isLong ? MirOpcode.I64Sub : MirOpcode.I32Sub);
    }

    private void PushTag() => _builder.LocalGet(new MirLocal(1));

    private void PushTagConstant(ulong value)
    {
        if (_isLong)
            _builder.I64Const(unchecked((long)value));
        else
            _builder.I32Const(unchecked((int)value));
    }
}
