using System.Runtime.CompilerServices;

namespace Weld.Linker.Demangling.Itanium;

/// <summary>Reads a mangled C++ name into an <see cref="ItaniumTree"/>.</summary>
/// <remarks>
/// <para>A predictive parser without backtracking: a method reads one production from the cursor on and returns its node, or
/// <see cref="ItaniumTree.None"/>, which ends the whole parse. So the time is linear in the length of the name.</para>
/// <para>What is accepted follows LLVM 22 and not the ABI where the two differ; a name that only one of them accepts would
/// make the outputs differ.</para>
/// </remarks>
internal sealed partial class ItaniumParser(ItaniumTree tree)
{
    private const int None = ItaniumTree.None;

    private readonly NodeStack _substitutions = new();

    /// <summary>Nodes of lists not complete yet; a list's part is on top until it is complete.</summary>
    private readonly NodeStack _pending = new();

    private byte[] _text = [];
    private int _position;
    private int _end;
    private int _depth;
    private int _maxDepth;

    /// <summary>Whether the last parse ended because productions were nested too deeply.</summary>
    public bool WasTooDeep { get; private set; }

    /// <summary>Reads the name that the tree was reset to.</summary>
    public int ParseMangledName(int maxDepth)
    {
        _maxDepth = maxDepth;
        WasTooDeep = false;
        Reset();
        int underscores = 1;
        while (Peek(underscores) == '_')
            underscores++;
        _position = underscores + 1;   // also past the Z, which the caller saw

        return underscores <= 2 ? ParseSymbol() : ParseBlockInvocation();
    }

    private void Reset()
    {
        _text = tree.Text;
        _position = 0;
        _end = tree.NameLength;
        _depth = 0;
        _substitutions.Clear();
        _pending.Clear();
        ResetTemplateState();
    }

    // <encoding> [. <suffix>]
    private int ParseSymbol()
    {
        int encoding = ParseEncoding();
        if (encoding != None && Peek() == '.')
        {
            encoding = tree.Add(NodeKind.DotSuffix, encoding, _position, _end - _position);
            _position = _end;
        }
        return _position == _end ? encoding : None;
    }

    // <encoding> _block_invoke [[_] <number>] [. <suffix>]
    private int ParseBlockInvocation()
    {
        int encoding = ParseEncoding();
        if (encoding == None || !Consume("_block_invoke"u8))
            return None;
        bool needsNumber = Consume('_');
        if (ParseNumber().IsEmpty && needsNumber)
            return None;
        if (Peek() == '.')
            _position = _end;
        return _position == _end ? tree.Add(NodeKind.SpecialName, encoding, (int)Word.BlockInvocation) : None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Peek() => _text[_position];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Peek(int ahead) => _text[_position + ahead];

    private int BytesLeft => _end - _position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Consume(char expected)
    {
        if (_text[_position] != expected)
            return false;
        _position++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Consume(char first, char second)
    {
        if (_text[_position] != first || _text[_position + 1] != second)
            return false;
        _position += 2;
        return true;
    }

    private bool Consume(ReadOnlySpan<byte> expected)
    {
        if (!_text.AsSpan(_position).StartsWith(expected))
            return false;
        _position += expected.Length;
        return true;
    }

    /// <summary>Enters a production that can contain itself; false if nested too deeply.</summary>
    /// <remarks>A failed parse is over, so only success needs <see cref="Leave"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Enter() => ++_depth <= _maxDepth || GiveUp();

    private bool GiveUp()
    {
        WasTooDeep = true;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Leave(int node)
    {
        _depth--;
        return node;
    }

    private int TakePending(int from)
    {
        int list = tree.AddList(_pending.Items[from..]);
        _pending.Truncate(from);
        return list;
    }

    // [n] <digits>; empty if there are no digits, even when the n has been read
    private TextRange ParseNumber(bool allowNegative = false)
    {
        int start = _position;
        if (allowNegative)
            Consume('n');
        if (!IsDigit(Peek()))
            return default;
        while (IsDigit(Peek()))
            _position++;
        return new TextRange(start, _position - start);
    }

    /// <remarks>Wraps around as LLVM's does; what uses the value compares it to something small.</remarks>
    private bool TryParseUnsigned(out ulong value)
    {
        value = 0;
        if (!IsDigit(Peek()))
            return false;
        for (; IsDigit(Peek()); _position++)
            value = unchecked((value * 10) + Peek() - '0');
        return true;
    }

    // <seq-id> ::= <0-9A-Z>+
    private bool TryParseSequenceId(out ulong value)
    {
        value = 0;
        int start = _position;
        while (true)
        {
            byte digit = Peek();
            if (IsDigit(digit))
                value = unchecked((value * 36) + digit - '0');
            else if (digit is >= (byte)'A' and <= (byte)'Z')
                value = unchecked((value * 36) + digit - 'A' + 10);
            else
                return _position > start;
            _position++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDigit(byte value) => (uint)(value - '0') <= 9;
}
