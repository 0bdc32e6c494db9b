using System.Runtime.CompilerServices;
using System.Text;
using Weld.Base;

namespace Weld.Mir.Objects;

/// <summary>Names as UTF-8 that live as long as this does.</summary>
/// <remarks>A module is written again and again, so its names cannot be in memory that is never freed.</remarks>
internal sealed unsafe class NameArena
{
    private const int BlockSize = 1 << 16;

    private readonly List<byte[]> _blocks = [];
    private int _used = BlockSize;

    public Utf8String Add(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > BlockSize - _used)
        {
            // Pinned, as a name is a pointer.
            _blocks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(most, BlockSize), pinned: true));
            _used = 0;
        }
        byte[] block = _blocks[^1];
        int length = Encoding.UTF8.GetBytes(text, block.AsSpan(_used));
        var name = new Utf8String((byte*)Unsafe.AsPointer(ref block[0]) + _used, length);
        _used += length;
        return name;
    }
}
