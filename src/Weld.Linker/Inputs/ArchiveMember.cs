using Weld.Base;

namespace Weld.Linker.Inputs;

/// <summary>A file inside an <see cref="Archive"/>.</summary>
/// <param name="RawName">The name as stored; in a thin archive a path.</param>
/// <param name="HeaderOffset">Where the member's header is in the archive file.</param>
/// <param name="Offset">Where the member's bytes are in the archive file; 0 when the archive is thin.</param>
/// <param name="Length">How many bytes the member has, or had when it was put into a thin archive.</param>
/// <param name="NestedHeaderOffset">For a thin archive's member that is itself inside an archive (<see cref="Archive.GetPath"/>):
/// the <see cref="HeaderOffset"/> there; else 0.</param>
public readonly record struct ArchiveMember(Utf8String RawName, long HeaderOffset, long Offset, long Length, long NestedHeaderOffset)
{
    public string Name => RawName.ToString();
}
