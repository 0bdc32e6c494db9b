using Weld.CodeGen.Types;

namespace Weld.CodeGen.Functions;

/// <content>Switches: tables where values are dense, halving where they are not.</content>
internal sealed partial class FunctionCompiler
{
    /// <summary>A table has at most this many entries for each value or end of a range in it.</summary>
    private const int MostEntriesPerValue = 4;

    /// <summary>Fewer values are compared one by one.</summary>
    private const int LeastValuesOfTable = 4;

    private const int MostTableEntries = 1 << 16;

    /// <summary>Values from one to another that go to the same case; as numbers of the operand's type.</summary>
    private readonly record struct CaseRange(BigInteger First, BigInteger Last, int Case);

    private void Switch(bool isLoop)
    {
        TypeFacts facts = FactsOf(Operand(0));
        if (facts.IsByReference)
        {
            Refuse();
            return;
        }
        MirLocal value = PopSwitchValue(facts);
        if (isLoop)
        {
            _labels[_current.Index] = _code.Loop().Depth;
            // Where switch_dispatch puts the next value; not a result, but it has a place for one.
            _locations[_current.Index] = Location.In(value);
        }
        SwitchCases cases = _body.Cases(_current);
        MirLabel otherwise = _code.Block();
        var labels = new MirLabel[cases.Count];
        for (int i = labels.Length - 1; i >= 0; i--)
            labels[i] = _code.Block();
        Dispatch(value, facts, labels, otherwise);
        CompileCases(cases);
        if (isLoop)
            _code.End();
        _code.Release(value);
    }

    private MirLocal PopSwitchValue(in TypeFacts facts)
    {
        // Not a temporary: those end at the first instruction of the first case.
        MirLocal value = _code.NewLocal(facts.ValueType);
        if (facts.HasBits)
        {
            Push(Operand(0));
            _code.LocalSet(value);
        }
        return value;
    }

    private void CompileCases(SwitchCases cases)
    {
        bool isFirst = true;
        // The enumerator itself knows the else body at its end.
        while (cases.MoveNext())
        {
            _code.End();
            if (isFirst)
                CompileFirstBody(cases.Current.Body);
            else
                CompileFurtherBody(cases.Current.Body);
            isFirst = false;
        }
        _code.End();
        if (!cases.HasElse)
            _code.Emit(MirOpcode.Unreachable);
        else if (isFirst)
            CompileFirstBody(cases.Else);
        else
            CompileFurtherBody(cases.Else);
    }

    private void SwitchDispatch()
    {
        int loop = _body.Word(_current, 0);
        Location value = _locations[loop];
        if (FactsOf(Operand(1)).HasBits)
        {
            Push(Operand(1));
            _code.LocalSet(value.Local);
        }
        _code.Branch(new MirLabel(_labels[loop]));
    }

    // ── choosing ──

    private void Dispatch(MirLocal value, in TypeFacts facts, MirLabel[] labels, MirLabel otherwise)
    {
        List<CaseRange> ranges = [];
        int number = 0;
        foreach (SwitchCase item in _body.Cases(_current))
        {
            foreach (ValueId constant in item.Items)
                AddRange(ranges, constant, constant, number, value, labels, facts);
            for (int i = 0; i < item.RangeEnds.Length; i += 2)
                AddRange(ranges, item.RangeEnds[i], item.RangeEnds[i + 1], number, value, labels, facts);
            number++;
        }
        ranges.Sort(static (left, right) => left.First.CompareTo(right.First));
        List<(int Start, int End)> clusters = Cluster(ranges);
        Search(ranges, clusters, 0, clusters.Count, value, facts, labels, otherwise);
    }

    /// <summary>Adds a range; an address that is not known yet is compared at once.</summary>
    private void AddRange(List<CaseRange> ranges, ValueId first, ValueId last, int number, MirLocal value, MirLabel[] labels, in TypeFacts facts)
    {
        if (_context.Constants.TryGetInteger(first) is { } low && _context.Constants.TryGetInteger(last) is { } high)
        {
            ranges.Add(new CaseRange(low, high, number));
            return;
        }
        _code.LocalGet(value);
        PushConstant(first);
        EmitInteger(MirOpcode.I32Eq, facts);
        _code.BranchIf(labels[number]);
    }

    /// <summary>Groups neighbours that one table serves well.</summary>
    private static List<(int Start, int End)> Cluster(List<CaseRange> ranges)
    {
        List<(int, int)> clusters = [];
        for (int start = 0, end; start < ranges.Count; start = end)
        {
            end = start + 1;
            int values = ValuesOf(ranges[start]);
            while (end < ranges.Count)
            {
                int more = values + ValuesOf(ranges[end]);
                BigInteger span = ranges[end].Last - ranges[start].First + 1;
                if (span > MostTableEntries || span > more * MostEntriesPerValue)
                    break;
                values = more;
                end++;
            }
            if (values >= LeastValuesOfTable && end - start > 1)
            {
                clusters.Add((start, end));
            }
            else
            {
                end = start + 1;
                clusters.Add((start, end));
            }
        }
        return clusters;
    }

    private static int ValuesOf(CaseRange range) => range.First == range.Last ? 1 : 2;

    private void Search(List<CaseRange> ranges, List<(int Start, int End)> clusters, int first, int end, MirLocal value, in TypeFacts facts, MirLabel[] labels, MirLabel otherwise)
    {
        if (end - first > 2)
        {
            int middle = first + ((end - first) / 2);
            _code.LocalGet(value);
            PushNumber(ranges[clusters[middle].Start].First, facts.IsLong);
            EmitInteger(facts.IsSigned ? MirOpcode.I32LtS : MirOpcode.I32LtU, facts);
            _code.If();
            Search(ranges, clusters, first, middle, value, facts, labels, otherwise);
            _code.End();
            Search(ranges, clusters, middle, end, value, facts, labels, otherwise);
            return;
        }
        for (int i = first; i < end; i++)
            Test(ranges, clusters[i], value, facts, labels, otherwise);
        _code.Branch(otherwise);
    }

    /// <summary>Branches to the case of a cluster that has the value; else goes on.</summary>
    private void Test(List<CaseRange> ranges, (int Start, int End) cluster, MirLocal value, in TypeFacts facts, MirLabel[] labels, MirLabel otherwise)
    {
        CaseRange first = ranges[cluster.Start];
        BigInteger last = ranges[cluster.End - 1].Last;
        _code.LocalGet(value);
        if (first.First == last)
        {
            PushNumber(last, facts.IsLong);
            EmitInteger(MirOpcode.I32Eq, facts);
            _code.BranchIf(labels[first.Case]);
            return;
        }
        if (!first.First.IsZero)
        {
            PushNumber(first.First, facts.IsLong);
            EmitInteger(MirOpcode.I32Sub, facts);
        }
        if (cluster.End - cluster.Start == 1)
        {
            PushNumber(last - first.First, facts.IsLong);
            EmitInteger(MirOpcode.I32LeU, facts);
            _code.BranchIf(labels[first.Case]);
            return;
        }
        // Inside of a block, so that the next cluster is tried when the value is not in the table.
        MirLocal index = PopToTemporary(facts.ValueType);
        MirLabel outside = _code.Block();
        if (facts.IsLong)
        {
            _code.LocalGet(index);
            PushNumber(last - first.First, isLong: true);
            _code.Emit(MirOpcode.I64GtU);
            _code.BranchIf(outside);
        }
        _code.LocalGet(index);
        ConvertRegister(facts.IsLong, toLong: false, isSigned: false);
        _code.BranchTable(Entries(ranges, cluster, labels, otherwise), outside);
        _code.End();
    }

    private static MirLabel[] Entries(List<CaseRange> ranges, (int Start, int End) cluster, MirLabel[] labels, MirLabel otherwise)
    {
        BigInteger first = ranges[cluster.Start].First;
        var entries = new MirLabel[(int)(ranges[cluster.End - 1].Last - first) + 1];
        Array.Fill(entries, otherwise);
        for (int i = cluster.Start; i < cluster.End; i++)
            for (BigInteger number = ranges[i].First; number <= ranges[i].Last; number++)
                entries[(int)(number - first)] = labels[ranges[i].Case];
        return entries;
    }
}
