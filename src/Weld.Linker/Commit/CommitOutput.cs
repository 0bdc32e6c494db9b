using System.Runtime.InteropServices;
using Weld.Base.Diagnostics;
using Weld.Linker.Image;
using Weld.Linker.Options;

namespace Weld.Linker.Commit;

/// <summary>The last stage, Commit: the output path has either the old file or the whole new one.</summary>
public static unsafe class CommitOutput
{
    /// <summary>Writes the image and puts it into place.</summary>
    public static bool Run(ImageWriter image, LinkOptions options, DiagnosticBag diagnostics)
    {
        byte* memory = (byte*)NativeMemory.Alloc((nuint)image.Size);
        image.Write(memory);
        if (diagnostics.HasErrors)
            return false;
        File.WriteAllBytes(options.OutputFile!, new ReadOnlySpan<byte>(memory, (int)image.Size).ToArray());
        return true;
    }
}
