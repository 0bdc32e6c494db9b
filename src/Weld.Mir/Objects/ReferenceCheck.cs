using System.Globalization;
using Weld.Base.Diagnostics;
using Weld.Mir.Modules;

namespace Weld.Mir.Objects;

/// <summary>Checks that what is referred to is in the module, and is what was meant when the reference was made.</summary>
internal sealed class ReferenceCheck
{
    private readonly ModuleObject _module;
    private readonly DiagnosticBag _diagnostics;
    private readonly HashSet<(Referrer, MirReference)> _reported = [];

    public ReferenceCheck(ModuleObject module, DiagnosticBag diagnostics)
    {
        _module = module;
        _diagnostics = diagnostics;
    }

    /// <returns>False after a message.</returns>
    public bool Run(MirReference target, in Referrer referrer) => target.Kind switch
    {
        MirReferenceKind.Function => Run(_module.Functions.FindSlot(target.Id), target, referrer),
        MirReferenceKind.Data => Run(_module.Data.FindSlot(target.Id), target, referrer),
        MirReferenceKind.Constant => Run(_module.Constants.FindSlot(target.Id), target, referrer),
        MirReferenceKind.Global => Run(_module.Globals.FindSlot(target.Id), target, referrer),
        MirReferenceKind.Tag => Run(_module.Tags.FindSlot(target.Id), target, referrer),
        MirReferenceKind.TagName => Run(_module.Enums.FindSlot(target.Id), target, referrer),
        _ => true,
    };

    /// <summary>As <see cref="Run"/>, of what must be defined here.</summary>
    public bool RunDefined(MirReference target, in Referrer referrer)
    {
        if (!Run(target, referrer))
            return false;
        bool isDeclaration = target.Kind switch
        {
            MirReferenceKind.Function => _module.Functions[new(target.Id)]!.Body is null,
            MirReferenceKind.Data => _module.Data[new(target.Id)]!.Contents is null,
            _ => false,
        };
        if (isDeclaration)
            _diagnostics.Add(MirErrors.Declaration(Describe(referrer), Describe(target)));
        return !isDeclaration;
    }

    private bool Run<TItem>(MirSlot<TItem>? slot, MirReference target, in Referrer referrer)
        where TItem : class
    {
        if (slot is { Item: not null } && slot.ReservedAt < referrer.SetAt)
            return true;
        if (!_reported.Add((referrer, target)))
            return false;
        // What has the number now need not be what had it when the reference was made.
        _diagnostics.Add(slot is { WasRemoved: true }
            ? MirErrors.Removed(Describe(referrer), Describe(target.Kind, slot.RemovedName, target.Id))
            : MirErrors.Unknown(Describe(referrer), Describe(target.Kind, null, target.Id)));
        return false;
    }

    private string Describe(in Referrer referrer) => referrer.ExportName is { } export
        ? $"export {export}"
        : referrer.Item is { } item ? Describe(item) : "list of init functions";

    private string Describe(MirReference target) => Describe(
        target.Kind,
        target.Kind switch
        {
            MirReferenceKind.Function => _module.Functions[new(target.Id)]?.Name,
            MirReferenceKind.Data => _module.Data[new(target.Id)]?.Name,
            _ => null,
        },
        target.Id);

    private static string Describe(MirReferenceKind kind, string? name, int id) => string.Create(
        CultureInfo.InvariantCulture,
        $"{kind switch
        {
            MirReferenceKind.Function => "function",
            MirReferenceKind.Data => "data",
            MirReferenceKind.Constant => "constant",
            MirReferenceKind.Global => "global",
            MirReferenceKind.Tag => "tag",
            _ => "enum",
        }} {name ?? $"#{id}"}");
}

/// <summary>What refers to something, and when it was set.</summary>
/// <param name="Item">The item that refers; null for an export and the list of init functions.</param>
/// <param name="ExportName">The name of the export that refers.</param>
/// <param name="SetAt">By the clock of the module.</param>
internal readonly record struct Referrer(MirReference? Item, string? ExportName, long SetAt)
{
    public Referrer(MirReference item, long setAt)
        : this(item, null, setAt)
    {
    }

    public static Referrer Export(string name, long setAt) => new(null, name, setAt);

    public static Referrer InitFunctions(long setAt) => new(null, null, setAt);
}
