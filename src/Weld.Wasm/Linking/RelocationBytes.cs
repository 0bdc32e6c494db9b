using System.Buffers.Binary;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Linking;

/// <summary>The bytes of a relocated value in full width, as they are in objects.</summary>
public static class RelocationBytes
{
    /// <summary>Fills the width of the encoding; what does not fit in it is cut off.</summary>
    public static void Write(Span<byte> destination, RelocationEncoding encoding, ulong value)
    {
        unchecked
        {
            switch (encoding)
            {
                case RelocationEncoding.Leb5:
                    Leb128.WritePadded32(destination, (uint)value);
                    break;
                case RelocationEncoding.Sleb5:
                    Leb128.WritePadded32(destination, (int)value);
                    break;
                case RelocationEncoding.Leb10:
                    Leb128.WritePaddedU64(destination[..Leb128.Padded64], value);
                    break;
                case RelocationEncoding.Sleb10:
                    Leb128.WritePaddedS64(destination[..Leb128.Padded64], (long)value);
                    break;
                case RelocationEncoding.I32:
                    BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)value);
                    break;
                default:
                    BinaryPrimitives.WriteUInt64LittleEndian(destination, value);
                    break;
            }
        }
    }
}
