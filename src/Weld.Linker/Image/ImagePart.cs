namespace Weld.Linker.Image;

/// <summary>What of an output an image has.</summary>
public enum ImagePart
{
    All,

    /// <summary>The module, with the name of the file that has its debug information.</summary>
    WithoutDebug,

    /// <summary>The debug information alone.</summary>
    DebugOnly,
}
