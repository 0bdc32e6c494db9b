namespace Weld.Air.Items;

/// <summary>What happens when another object file defines the same name.</summary>
public enum Linkage : byte
{
    /// <summary>The name means nothing outside of the module.</summary>
    Internal,

    /// <summary>The name is known to the linker; a second definition is an error.</summary>
    Strong,

    /// <summary>The name is known to the linker; a strong definition wins, and without any, a weak reference is null.</summary>
    Weak,
}

/// <summary>Whether what the linker makes may offer the name to others.</summary>
public enum Visibility : byte
{
    Default,
    Hidden,
}

/// <summary>A function or variable of a module.</summary>
public abstract class AirItem
{
    private protected AirItem(ItemId id, string name, TypeId type)
    {
        Id = id;
        Name = name;
        Type = type;
    }

    public ItemId Id { get; }

    /// <summary>Unique in the module; also the name that the linker knows the item by.</summary>
    public string Name { get; }

    /// <summary>The function type, or the type of the variable's value.</summary>
    public TypeId Type { get; }

    /// <summary>Defined elsewhere.</summary>
    public abstract bool IsExtern { get; }

    public Linkage Linkage { get; set; }

    public Visibility Visibility { get; set; }

    /// <summary>The module that the host offers it in, for an extern that no object defines.</summary>
    public string? ImportModule { get; set; }

    /// <summary>The host's name for it, if that is another one.</summary>
    public string? ImportField { get; set; }

    /// <summary>The section to place it in; null for the usual one.</summary>
    public string? Section { get; set; }

    /// <summary>Where it is in the source.</summary>
    public SourceLocation Location { get; set; }
}

/// <param name="File">Null when unknown.</param>
/// <param name="Line">From 1.</param>
public readonly record struct SourceLocation(string? File, int Line);
