using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Weld.Linker.Demangling;

/// <summary>Bytes of text that grow as needed and are reused from name to name, up to a limit.</summary>
/// <remarks>A mangled name of a kilobyte can stand for gigabytes of text. Once the limit is reached the buffer takes
/// nothing more and says so in <see cref="IsFull"/>; whoever writes looks there now and then and gives up.</remarks>
public sealed class Utf8Buffer
{
    private byte[] _bytes = new byte[1024];
    private int _limit = int.MaxValue;

    /// <summary>How much fits without growing: the smaller of the array's length and the limit.</summary>
    private int _capacity = 1024;

    public int Length { get; private set; }

    /// <summary>Something did not fit within the limit, so the text is incomplete.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The text so far; valid until the next change.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The last byte, or 0 if there is none.</summary>
    internal byte Last => Length == 0 ? (byte)0 : _bytes[Length - 1];

    /// <summary>Starts an empty text of at most <paramref name="limit"/> bytes.</summary>
    public void Clear(int limit = int.MaxValue)
    {
        Length = 0;
        IsFull = false;
        _limit = limit;
        _capacity = Math.Min(_bytes.Length, limit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<byte> text)
    {
        int length = Length;
        if (text.Length <= _capacity - length)
        {
            text.CopyTo(_bytes.AsSpan(length));
            Length = length + text.Length;
        }
        else
        {
            GrowAndAppend(text);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(byte value)
    {
        int length = Length;
        if (length < _capacity)
        {
            _bytes[length] = value;
            Length = length + 1;
        }
        else
        {
            GrowAndAppend(new ReadOnlySpan<byte>(in value));
        }
    }

    /// <summary>Appends the first <paramref name="length"/> bytes of a text.</summary>
    /// <remarks>Names are short: where there is room, sixteen bytes are copied at once, which is faster than as many as needed.</remarks>
    internal void AppendStart(ReadOnlySpan<byte> text, int length)
    {
        int end = Length;
        if (length <= Vector128<byte>.Count && text.Length >= Vector128<byte>.Count && _capacity - end >= Vector128<byte>.Count)
        {
            Vector128.Create(text).CopyTo(_bytes.AsSpan(end));
            Length = end + length;
        }
        else
        {
            Append(text[..length]);
        }
    }

    public void AppendDecimal(ulong value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out int count, provider: CultureInfo.InvariantCulture);
        Append(digits[..count]);
    }

    /// <summary>Drops everything after the first <paramref name="length"/> bytes.</summary>
    internal void Truncate(int length) => Length = Math.Min(length, Length);

    internal void Insert(int position, ReadOnlySpan<byte> text)
    {
        int oldLength = Length;
        Append(text);
        if (IsFull)
            return;
        Span<byte> all = _bytes.AsSpan(0, Length);
        all[position..oldLength].CopyTo(all[(position + text.Length)..]);
        text.CopyTo(all[position..]);
    }

    /// <summary>Drops the zero bytes at and after <paramref name="start"/>.</summary>
    internal void RemoveZeros(int start)
    {
        int kept = start;
        for (int i = start; i < Length; i++)
        {
            if (_bytes[i] != 0)
                _bytes[kept++] = _bytes[i];
        }
        Length = Math.Max(kept, Math.Min(start, Length));
    }

    private void GrowAndAppend(ReadOnlySpan<byte> text)
    {
        if (text.Length > _limit - Length)
        {
            IsFull = true;
            return;
        }
        Array.Resize(ref _bytes, (int)Math.Min(Math.Max((long)_bytes.Length * 2, (long)Length + text.Length), Array.MaxLength));
        _capacity = Math.Min(_bytes.Length, _limit);
        text.CopyTo(_bytes.AsSpan(Length));
        Length += text.Length;
    }
}
