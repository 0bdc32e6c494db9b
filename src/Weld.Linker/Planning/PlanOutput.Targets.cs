using Weld.Linker.Inputs;
using Weld.Linker.Resolution;
using Weld.Wasm.Linking;

namespace Weld.Linker.Planning;

/// <content>What relocations get: one row per symbol, so that applying them needs no decisions.</content>
public sealed partial class PlanOutput
{
    private const int TargetsPerPiece = 1024;

    private void FillTargets()
    {
        int count = _plan.Targets.Length;
        Workers.ForEach((count + TargetsPerPiece - 1) / TargetsPerPiece, _options.Threads,
            piece => FillTargets(piece * TargetsPerPiece, Math.Min((piece + 1) * TargetsPerPiece, count)));
    }

    private void FillTargets(int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            var id = new SymbolId(i);
            ref Symbol symbol = ref Symbols[id];
            ref SymbolTarget target = ref _plan.Targets[i];
            target.TableSlot = OutputPlan.NoSlot;
            if (_live.IsLive(id))
                target.Flags |= SymbolTargetFlags.Live;
            if (_gotOfSymbol.TryGetValue(id, out target.GotIndex))
                target.Flags |= SymbolTargetFlags.HasGot;
            if (_plan.Data.LinkerAddresses.TryGetValue(id, out ulong address))
            {
                target.Address = address;
                target.Flags |= SymbolTargetFlags.HasAddress;
            }
            else if (_table.IsTable(id))
            {
                target.Index = _table.Number;
            }
            else if (symbol.IsDefined)
            {
                FillDefined(id, symbol, ref target);
            }
            else if (symbol.IsFunction)
            {
                if (_stubOf.TryGetValue(id, out FunctionId stub))
                    target.Index = (uint)_plan.FunctionIndex[stub.Index];
                target.TableSlot = _slotOfImport.GetValueOrDefault(id, OutputPlan.NoSlot);
            }
        }
    }

    private void FillDefined(SymbolId id, in Symbol symbol, ref SymbolTarget target)
    {
        switch (symbol.Kind)
        {
            case SymbolKind.Function:
                if (!_imported.Contains(id))
                    target.Index = (uint)_plan.FunctionIndex[symbol.Element];
                target.TableSlot = _plan.TableSlot[symbol.Element];
                if (!_plan.IsFolded(symbol.Element))
                    target.Flags |= SymbolTargetFlags.HasBody;
                break;
            case SymbolKind.Global:
                target.Index = (uint)_plan.GlobalIndex[symbol.Element];
                break;
            case SymbolKind.Tag:
                target.Index = (uint)_plan.TagIndex[symbol.Element];
                break;
            case SymbolKind.Table:
                target.Index = (uint)_plan.TableNumber[symbol.Element];
                break;
            default:
                target.Address = DataValueOf(id);
                target.Flags |= SymbolTargetFlags.HasAddress;
                break;
        }
    }

    /// <summary>The address of defined data; for thread-local data the offset in the thread-local segment.</summary>
    private ulong DataValueOf(SymbolId id)
    {
        ref Symbol symbol = ref Symbols[id];
        if (!symbol.IsTls || symbol.Element < 0)
            return AddressOf(id);
        return _live.Segments.Contains(new SegmentId(symbol.Element))
            ? _plan.Data.OffsetOf(new SegmentId(symbol.Element), symbol.Value)
            : symbol.Value;
    }

    private ulong DataValueOf(SymbolReference reference)
    {
        if (!reference.Row.IsNone)
            return DataValueOf(reference.Row);
        if (!IsTls(reference))
            return AddressOf(reference);
        ref InputSymbol symbol = ref reference.Owner.Object.Symbols[reference.Symbol];
        return _plan.Data.OffsetOf(new SegmentId(reference.Owner.ElementOf(symbol)), reference.Owner.Object.ValueOf(symbol));
    }

    private ulong AddressOf(SymbolId id)
    {
        if (_plan.Data.LinkerAddresses.TryGetValue(id, out ulong address))
            return address;
        ref Symbol symbol = ref Symbols[id];
        if (!symbol.IsDefinedData)
            return 0;
        return symbol.Element < 0 ? symbol.Value : _plan.Data.AddressOf(new SegmentId(symbol.Element), symbol.Value);
    }

    private ulong AddressOf(SymbolReference reference)
    {
        if (!reference.Row.IsNone)
            return AddressOf(reference.Row);
        ref InputSymbol symbol = ref reference.Owner.Object.Symbols[reference.Symbol];
        ulong value = reference.Owner.Object.ValueOf(symbol);
        return (symbol.Flags & SymbolFlags.Absolute) != 0 ? value : _plan.Data.AddressOf(new SegmentId(reference.Owner.ElementOf(symbol)), value);
    }
}
