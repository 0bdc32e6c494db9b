namespace Weld.Linker.Demangling;

/// <summary>D names, which start with <c>_D</c>.</summary>
/// <remarks>https://dlang.org/spec/abi.html#name_mangling, only the part that LLVM 22 reads: qualified names of
/// variables of type int and of what the compiler makes.</remarks>
internal sealed class DlangDemangler
{
    private byte[] _name = [];
    private int _length;
    private int _position;
    private int _lastTypeReference;
    private Utf8Buffer _output = new();
    private int _start;

    /// <summary>Appends the demangled name; if false, there may be leftovers after what was there.</summary>
    public bool TryDemangle(ReadOnlySpan<byte> mangled, Utf8Buffer output)
    {
        if (mangled.SequenceEqual("_Dmain"u8))
        {
            output.Append("D main"u8);
            return true;
        }
        Reset(mangled, output);
        return TryParseName() && (_position == _length || Peek() == 0) && output.Length > _start;
    }

    private void Reset(ReadOnlySpan<byte> name, Utf8Buffer output)
    {
        if (_name.Length < name.Length)
            _name = new byte[name.Length * 2];
        name.CopyTo(_name);
        _length = name.Length;
        _lastTypeReference = name.Length;
        _position = "_D".Length;
        _output = output;
        _start = output.Length;
    }

    // _D <qualified-name> (<type> | Z)
    private bool TryParseName()
    {
        if (!TryParseQualifiedName() || _position >= _length)
            return false;
        if (Peek() != 'Z')   // made by the compiler, has no type
            return TrySkipType();
        _position++;
        return true;
    }

    // One or more names; names without letters are left out
    private bool TryParseQualifiedName()
    {
        bool isFirst = true;
        do
        {
            if (_position < _length && Peek() == '0')
            {
                while (_position < _length && Peek() == '0')
                    _position++;
                continue;
            }
            if (!isFirst)
                _output.Append((byte)'.');
            isFirst = false;
            if (!TryParseIdentifier())
                return false;
        }
        while (_position < _length && AtName());
        return true;
    }

    private bool AtName()
    {
        if (char.IsAsciiDigit((char)Peek()))
            return true;
        if (Peek() != 'Q')
            return false;
        int resume = _position;
        bool isName = TryParseBackReference(out int target) && char.IsAsciiDigit((char)_name[target]);
        _position = resume;
        return isName;
    }

    private bool TryParseIdentifier()
    {
        while (true)
        {
            if (_position >= _length)
                return false;
            if (Peek() == 'Q')
                return TryParseIdentifierReference();
            if (!TryParseNumber(out int length) || length == 0 || length > _length - _position)
                return false;
            if (!IsFakeParent(length))
            {
                ParseName(length);
                return true;
            }
            _position += length;
        }
    }

    // __S<digits> tells declarations of one name in one function apart
    private bool IsFakeParent(int length)
    {
        ReadOnlySpan<byte> name = _name.AsSpan(_position, length);
        return length >= 4 && name.StartsWith("__S"u8) && name[3..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    // Q <back reference> to a length and a name
    private bool TryParseIdentifierReference()
    {
        if (!TryParseBackReference(out int target))
            return false;
        int resume = _position;
        _position = target;
        if (!TryParseNumber(out int length) || length > _length - _position)
            return false;
        ParseName(length);
        _position = resume;
        return true;
    }

    private void ParseName(int length)
    {
        // The names of what the compiler makes for a symbol end it, so a Z follows.
        ReadOnlySpan<byte> withNext = _name.AsSpan(_position, Math.Min(length + 1, _length - _position));
        ReadOnlySpan<byte> description = default;
        if (withNext.SequenceEqual("__initZ"u8))
            description = "initializer for "u8;
        else if (withNext.SequenceEqual("__vtblZ"u8))
            description = "vtable for "u8;
        else if (withNext.SequenceEqual("__ClassZ"u8))
            description = "ClassInfo for "u8;
        else if (withNext.SequenceEqual("__InterfaceZ"u8))
            description = "Interface for "u8;
        else if (withNext.SequenceEqual("__ModuleInfoZ"u8))
            description = "ModuleInfo for "u8;

        if (description.IsEmpty)
        {
            _output.Append(_name.AsSpan(_position, length));
        }
        else
        {
            _output.Insert(_start, description);
            _output.Truncate(_output.Length - 1);   // the dot
        }
        _position += length;
    }

    // int or a reference to one: LLVM reads no other types, and prints none.
    private bool TrySkipType()
    {
        if (_position >= _length)
            return false;
        if (Peek() == 'Q')
            return TrySkipTypeReference();
        return _name[_position++] == 'i';
    }

    private bool TrySkipTypeReference()
    {
        // References only ever lead back, so one inside a part that is read again must be further back.
        if (_position >= _lastTypeReference)
            return false;
        int outerReference = _lastTypeReference;
        _lastTypeReference = _position;
        if (!TryParseBackReference(out int target))
            return false;
        int resume = _position;
        _position = target;
        bool isType = TrySkipType() && _position < _length;
        _position = resume;
        _lastTypeReference = outerReference;
        return isType;
    }

    // Q <A-Z>* <a-z>: base 26, from the Q backwards
    private bool TryParseBackReference(out int target)
    {
        target = 0;
        int origin = _position++;
        long distance = 0;
        while (_position < _length && char.IsAsciiLetter((char)Peek()))
        {
            byte letter = _name[_position++];
            bool isLast = char.IsAsciiLetterLower((char)letter);
            distance = (distance * 26) + letter - (isLast ? 'a' : 'A');
            if (distance > origin)
                return false;
            if (isLast)
            {
                target = (int)(origin - distance);
                return distance > 0;
            }
        }
        return false;
    }

    /// <summary>A number that something follows.</summary>
    private bool TryParseNumber(out int value)
    {
        long number = 0;
        int start = _position;
        for (; _position < _length && char.IsAsciiDigit((char)Peek()) && number <= uint.MaxValue; _position++)
            number = (number * 10) + Peek() - '0';
        value = (int)Math.Min(number, int.MaxValue);
        return _position > start && number <= uint.MaxValue && _position < _length;
    }

    private byte Peek() => _name[_position];
}
