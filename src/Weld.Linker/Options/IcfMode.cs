namespace Weld.Linker.Options;

/// <summary>What <c>--icf</c> folds.</summary>
public enum IcfMode
{
    None,

    /// <summary>Identical bodies are shared; every function keeps its own address.</summary>
    Safe,

    /// <summary>Identical functions also share an address.</summary>
    All,
}
