namespace Weld.Air.Items;

/// <summary>A further name for an item, which the linker offers to the host (or, in an object, to other objects).</summary>
public sealed record AirExport(ItemId Item, string Name, Linkage Linkage = Linkage.Strong, Visibility Visibility = Visibility.Default);
