using Weld.Air.Layouts;

namespace Weld.Air.Verification;

/// <summary>Checks functions and variables from outside, and exports.</summary>
internal sealed class ItemChecks(TypeLayouts layouts, Violations violations)
{
    // Smaller constants would have to be more than a text can have.
    private const ulong LargeConstant = 1 << 20;

    private readonly AirModule _module = layouts.Module;

    public void Run()
    {
        foreach (AirItem item in _module.Items.All())
        {
            if (item is AirFunction function)
                CheckFunction(function);
            else
                CheckVariable((AirVariable)item);
            CheckLinkage(item);
        }
        CheckExports();
        CheckDataSize();
    }

    private void CheckFunction(AirFunction function)
    {
        if (function.IsExtern && function.Body is not null)
            violations.Report(VerifierRuleTable.Definition, function, "an extern function has no body");
        else if (!function.IsExtern && function.Body is null)
            violations.Report(VerifierRuleTable.Definition, function, "the function has no body, and is not extern");
    }

    private void CheckVariable(AirVariable variable)
    {
        bool hasValue = variable.Initial.TryGet(out ValueId initial);
        if (hasValue && variable.IsExtern)
            violations.Report(VerifierRuleTable.Definition, variable, "an extern variable has no value here");
        else if (!hasValue && !variable.IsExtern)
            violations.Report(VerifierRuleTable.Definition, variable, "the variable has no value, and is not extern");
        else if (hasValue && _module.Values.TypeOf(initial) != variable.Type)
            violations.Report(VerifierRuleTable.Definition, variable, "the value is not of the variable's type");
        if (!TypeChecks.HasValues(_module, variable.Type) && !(variable.IsExtern && _module.Types.Kind(variable.Type) == TypeKind.Opaque))
            violations.Report(VerifierRuleTable.Definition, variable, "the variable's type has no values");
        if (variable.Alignment < 0 || (variable.Alignment != 0 && !BitOperations.IsPow2(variable.Alignment)))
            violations.Report(VerifierRuleTable.Linkage, variable, "the alignment is no power of two");
    }

    private void CheckLinkage(AirItem item)
    {
        if (item is { IsExtern: true, Linkage: Linkage.Internal })
            violations.Report(VerifierRuleTable.Linkage, item, "what is extern cannot be internal");
        if (!item.IsExtern && (item.ImportModule ?? item.ImportField) is not null)
            violations.Report(VerifierRuleTable.Linkage, item, "only what is extern comes from a host's module");
    }

    private void CheckExports()
    {
        IReadOnlyList<AirExport> exports = _module.Exports;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < exports.Count; i++)
        {
            if (!names.Add(exports[i].Name))
                violations.ReportExport(VerifierRuleTable.Export, i, $"there are two exports \"{exports[i].Name}\"");
            if (exports[i].Linkage == Linkage.Internal)
                violations.ReportExport(VerifierRuleTable.Linkage, i, "an export cannot be internal");
        }
    }

    private void CheckDataSize()
    {
        ulong total = 0;
        var initials = new HashSet<ValueId>();
        foreach (AirVariable variable in _module.Variables)
        {
            if (!variable.Initial.TryGet(out ValueId initial) || _module.Values.TypeOf(initial) != variable.Type)
                continue;
            initials.Add(initial);
            total += layouts.Get(variable.Type).Size;
            if (total > AirLimits.DataSize)
            {
                violations.Report(VerifierRuleTable.DataSize, variable, "with this variable, the module has more than 512 MiB of data");
                return;
            }
        }
        for (int index = 0; index < _module.Values.Count; index++)
        {
            var value = new ValueId(index);
            ulong size = layouts.Get(_module.Values.TypeOf(value)).Size;
            total += size >= LargeConstant && !initials.Contains(value) ? size : 0;
            if (total > AirLimits.DataSize)
            {
                violations.Report(VerifierRuleTable.DataSize, value, "with this constant, the module has more than 512 MiB of data");
                return;
            }
        }
    }
}
