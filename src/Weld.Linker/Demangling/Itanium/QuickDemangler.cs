namespace Weld.Linker.Demangling.Itanium;

/// <summary>Writes the text of usual C++ names while it reads them, without a tree.</summary>
/// <remarks>
/// <para>In these names nothing surrounds anything else, and nothing has to wait for what comes later: functions, constructors and variables
/// in classes and namespaces, parameters that are builtin types, classes, pointers, references and constants, and template arguments that are
/// types or numbers. So the text of each part is in one piece, and a substitution copies it.</para>
/// <para>All others, malformed names included, are left to <see cref="ItaniumParser"/>. What is written here is what that and
/// <see cref="ItaniumPrinter"/> make of the name.</para>
/// </remarks>
internal sealed class QuickDemangler(ItaniumTree tree)
{
    private const int Failed = -1;
    private const int LongestName = 4096;
    private const int MostNesting = 32;

    private readonly Part[] _substitutions = new Part[256];
    private int _count;
    private byte[] _text = [];
    private int _end;
    private Utf8Buffer _output = new();

    /// <summary>A part of the text that a substitution can repeat.</summary>
    private readonly record struct Part(int Start, int Length, bool IsReference = false);

    /// <summary>Appends the text of the name that the tree was reset to; if false, there may be leftovers.</summary>
    public bool TryDemangle(Utf8Buffer output)
    {
        // Zeros follow the name, and nothing accepts one: so what comes next can always be looked at.
        _text = tree.Text;
        _end = tree.NameLength;
        _output = output;
        _count = 0;
        if (_end > LongestName || _text[1] != 'Z')
            return false;

        int position = 2;
        bool isConst = false;
        bool endsWithArguments = false;
        if (_text[position] == 'N')
        {
            isConst = _text[position + 1] == 'K';
            position = ReadNestedName(position + (isConst ? 2 : 1), 0, out endsWithArguments);
        }
        else
        {
            position = ReadSourceName(position, out _);
        }
        if (position == Failed)
            return false;
        if (position != _end)
        {
            // A function made from a template begins with its return type.
            if (endsWithArguments || !ReadParameters(position))
                return false;
            if (isConst)
                output.Append(" const"u8);
        }
        return !output.IsFull;
    }

    private bool ReadParameters(int position)
    {
        _output.Append((byte)'(');
        if (_text[position] == 'v')
        {
            position++;
        }
        else
        {
            position = ReadType(position, 0, out _);
            while (position != Failed && position < _end)
            {
                WriteComma();
                position = ReadType(position, 0, out _);
            }
        }
        _output.Append((byte)')');
        return position == _end;
    }

    /// <summary>Reads a nested name after its N and the qualifiers of a function.</summary>
    private int ReadNestedName(int position, int depth, out bool endsWithArguments)
    {
        endsWithArguments = false;
        int start = _output.Length;
        bool hasParts = false;
        // The name that a constructor would repeat.
        Part last = default;
        while (true)
        {
            byte letter = _text[position];
            if (IsLength(letter))
            {
                WriteScope(start);
                position = ReadSourceName(position, out last);
                endsWithArguments = false;
            }
            else if (letter == 'E')
            {
                if (!hasParts)
                    return Failed;
                // The whole name is entered by whoever uses it as a type.
                _count--;
                return position + 1;
            }
            else if (letter == 'I' && last.Length != 0 && !endsWithArguments)
            {
                position = ReadArguments(position + 1, depth);
                endsWithArguments = true;
            }
            else if (letter is (byte)'C' or (byte)'D' && last.Length != 0)
            {
                WriteScope(start);
                position = ReadConstructorOrDestructor(position, last);
                endsWithArguments = false;
                last = default;
            }
            else if (letter == 'S' && _output.Length == start)
            {
                position = ReadScope(position + 1);
                if (position == Failed)
                    return Failed;
                continue;
            }
            else
            {
                return Failed;
            }
            if (position == Failed || !Enter(start))
                return Failed;
            hasParts = true;
        }
    }

    /// <summary>Reads what only the beginning of a nested name can be: std, or a part of the name before.</summary>
    private int ReadScope(int position)
    {
        if (_text[position] != 't')
            return ReadSubstitution(position, out _);
        _output.Append("std"u8);
        return position + 1;
    }

    private void WriteScope(int start)
    {
        if (_output.Length == start)
            return;
        _output.Append((byte)':');
        _output.Append((byte)':');
    }

    private static bool IsLength(byte letter) => letter is >= (byte)'1' and <= (byte)'9';

    private int ReadSourceName(int position, out Part name)
    {
        name = default;
        byte[] text = _text;
        if (!IsLength(text[position]))
            return Failed;
        int length = text[position++] - '0';
        for (; text[position] is >= (byte)'0' and <= (byte)'9' && length <= LongestName; position++)
            length = (length * 10) + text[position] - '0';
        if (length > _end - position)
            return Failed;
        if (text[position] == '_' && tree.GetText(position, length).StartsWith("_GLOBAL__N"u8))
        {
            _output.Append(Words.Text(Word.AnonymousNamespace));
        }
        else
        {
            name = new Part(_output.Length, length);
            _output.AppendStart(tree.GetTextFrom(position), length);
        }
        return position + length;
    }

    private int ReadConstructorOrDestructor(int position, Part name)
    {
        bool isDestructor = _text[position] == 'D';
        byte kind = _text[position + 1];
        if (isDestructor ? kind is not ((byte)'0' or (byte)'1' or (byte)'2' or (byte)'4' or (byte)'5') : kind is < (byte)'1' or > (byte)'5')
            return Failed;
        if (isDestructor)
            _output.Append((byte)'~');
        Repeat(name);
        return position + 2;
    }

    /// <summary>Reads template arguments after their I.</summary>
    private int ReadArguments(int position, int depth)
    {
        _output.Append((byte)'<');
        for (bool isFirst = true; _text[position] != 'E'; isFirst = false)
        {
            if (!isFirst)
                WriteComma();
            position = _text[position] == 'L' ? ReadNumber(position + 1) : ReadType(position, depth + 1, out _);
            if (position == Failed)
                return Failed;
        }
        _output.Append((byte)'>');
        return position + 1;
    }

    /// <summary>Reads a literal after its L: a truth value or a number.</summary>
    private int ReadNumber(int position)
    {
        byte type = _text[position++];
        if (type == 'b')
        {
            bool isTrue = _text[position] == '1';
            if ((!isTrue && _text[position] != '0') || _text[position + 1] != 'E')
                return Failed;
            _output.Append(isTrue ? "true"u8 : "false"u8);
            return position + 2;
        }
        Word suffix = ItaniumParser.GetIntegerSuffix(type);
        if (suffix == Word.None && type != 'i')
            return Failed;
        if (_text[position] == 'n')
        {
            _output.Append((byte)'-');
            position++;
        }
        int start = position;
        for (; _text[position] is >= (byte)'0' and <= (byte)'9'; position++)
            _output.Append(_text[position]);
        if (position == start || _text[position] != 'E')
            return Failed;
        _output.Append(Words.Text(suffix));
        return position + 1;
    }

    private int ReadType(int position, int depth, out bool isReference)
    {
        isReference = false;
        if (depth > MostNesting)
            return Failed;
        byte letter = _text[position];
        Word builtin = ItaniumParser.GetBuiltinType(letter);
        if (builtin != Word.None)
        {
            _output.Append(Words.Text(builtin));
            return position + 1;
        }
        int start = _output.Length;
        switch (letter)
        {
            case (byte)'P':
                position = ReadType(position + 1, depth + 1, out _);
                _output.Append((byte)'*');
                break;
            case (byte)'R' or (byte)'O':
                position = ReadType(position + 1, depth + 1, out bool isCollapsed);
                if (isCollapsed)
                    return Failed;
                _output.Append(letter == 'R' ? "&"u8 : "&&"u8);
                isReference = true;
                break;
            case (byte)'K':
                position = ReadType(position + 1, depth + 1, out _);
                _output.Append(" const"u8);
                break;
            case (byte)'N':
                position = ReadNestedName(position + 1, depth + 1, out _);
                break;
            case (byte)'S':
                return ReadSubstitution(position + 1, out isReference);
            default:
                position = ReadSourceName(position, out _);
                if (position == Failed || _text[position] != 'I')
                    break;
                if (!Enter(start))
                    return Failed;
                position = ReadArguments(position + 1, depth + 1);
                break;
        }
        return position != Failed && Enter(start, isReference) ? position : Failed;
    }

    /// <summary>Reads a substitution after its S.</summary>
    private int ReadSubstitution(int position, out bool isReference)
    {
        isReference = false;
        // No digit is the first, 0 the second.
        int index = 0;
        for (int value = 0; _text[position] != '_'; position++)
        {
            byte digit = _text[position];
            if (digit is >= (byte)'0' and <= (byte)'9')
                value = (value * 36) + digit - '0';
            else if (digit is >= (byte)'A' and <= (byte)'Z')
                value = (value * 36) + digit - 'A' + 10;
            else
                return Failed;
            index = value + 1;
            if (index >= _count)
                return Failed;
        }
        if (index >= _count)
            return Failed;
        isReference = _substitutions[index].IsReference;
        Repeat(_substitutions[index]);
        return position + 1;
    }

    /// <summary>Notes what was written from <paramref name="start"/> on as the next substitution.</summary>
    private bool Enter(int start, bool isReference = false)
    {
        if (_count == _substitutions.Length)
            return false;
        _substitutions[_count++] = new Part(start, _output.Length - start, isReference);
        return true;
    }

    private void Repeat(Part part) => _output.AppendStart(_output.Written[part.Start..], part.Length);

    private void WriteComma()
    {
        _output.Append((byte)',');
        _output.Append((byte)' ');
    }
}
