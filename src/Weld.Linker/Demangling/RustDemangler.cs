using System.Runtime.CompilerServices;

namespace Weld.Linker.Demangling;

/// <summary>Rust names in the v0 scheme, which start with <c>_R</c>.</summary>
/// <remarks>https://doc.rust-lang.org/rustc/symbol-mangling/v0.html, as far as LLVM 22 reads it. Older Rust names
/// (<c>_ZN…17h…E</c>) are Itanium names, and LLVM prints them as such, hash and all. The text is written while the name is
/// read; a back reference reads an earlier part again.</remarks>
internal sealed class RustDemangler
{
    private const int MaxDepth = 500;

    // Every part that is printed costs a step, also where it prints nothing, so that back references stay bounded.
    private const int StepFloor = 1 << 15;
    private const int StepsPerByte = 512;

    private byte[] _name = [];
    private int _length;
    private int _position;
    private int _depth;
    private int _stepsLeft;
    private ulong _boundLifetimes;

    /// <summary>Off for parts that are checked only: the instantiating crate, and where an impl is.</summary>
    private bool _isPrinting;

    private bool _failed;
    private Utf8Buffer _output = new();

    /// <summary>What a special letter says about the generic arguments of a path.</summary>
    private enum Generics
    {
        Close,
        LeaveOpen,
    }

    /// <summary>Appends the demangled name; if false, there may be leftovers after what was there.</summary>
    public bool TryDemangle(ReadOnlySpan<byte> mangled, Utf8Buffer output)
    {
        ReadOnlySpan<byte> name = mangled["_R".Length..];
        int dot = name.IndexOf((byte)'.');
        ReadOnlySpan<byte> suffix = dot < 0 ? default : name[dot..];
        Reset(dot < 0 ? name : name[..dot], output);

        ParsePath(isInType: false, Generics.Close);
        if (_position != _length)
        {
            _isPrinting = false;
            ParsePath(isInType: false, Generics.Close);
            _isPrinting = true;
        }
        if (_position != _length || _failed)
            return false;

        if (dot >= 0)
        {
            Print(" ("u8);
            Print(suffix);
            Print(")"u8);
        }
        return true;
    }

    private void Reset(ReadOnlySpan<byte> name, Utf8Buffer output)
    {
        if (_name.Length < name.Length)
            _name = new byte[name.Length * 2];
        name.CopyTo(_name);
        _length = name.Length;
        _position = 0;
        _depth = 0;
        _stepsLeft = StepFloor + (StepsPerByte * name.Length);
        _boundLifetimes = 0;
        _isPrinting = true;
        _failed = false;
        _output = output;
    }

    // <path> = C <identifier>                  crate
    //        | M <impl-path> <type>            <T>
    //        | X <impl-path> <type> <path>     <T as Trait>
    //        | Y <type> <path>                 <T as Trait>
    //        | N <namespace> <path> <identifier>
    //        | I <path> <generic-arg>* E       path::<T, U>
    //        | <backref>
    /// <summary>Returns whether generic arguments were left open for more to be added.</summary>
    private bool ParsePath(bool isInType, Generics generics)
    {
        if (!Enter())
            return false;
        bool isOpen = false;
        switch (Next())
        {
            case (byte)'C':
                ParseOptionalBase62('s');
                PrintIdentifier(ParseIdentifier());
                break;
            case (byte)'M':
                SkipImplPath(isInType);
                PrintTypeAsTrait(hasTrait: false);
                break;
            case (byte)'X':
                SkipImplPath(isInType);
                PrintTypeAsTrait(hasTrait: true);
                break;
            case (byte)'Y':
                PrintTypeAsTrait(hasTrait: true);
                break;
            case (byte)'N':
                ParseNestedPath(isInType);
                break;
            case (byte)'I':
                isOpen = ParseGenericPath(isInType, generics);
                break;
            case (byte)'B':
                int resume = StartBackReference();
                if (resume >= 0)
                {
                    isOpen = ParsePath(isInType, generics);
                    _position = resume;
                }
                break;
            default:
                _failed = true;
                break;
        }
        _depth--;
        return isOpen;
    }

    private void PrintTypeAsTrait(bool hasTrait)
    {
        Print("<"u8);
        ParseType();
        if (hasTrait)
        {
            Print(" as "u8);
            ParsePath(isInType: true, Generics.Close);
        }
        Print(">"u8);
    }

    // <impl-path> = [<disambiguator>] <path>
    private void SkipImplPath(bool isInType)
    {
        bool outer = _isPrinting;
        _isPrinting = false;
        ParseOptionalBase62('s');
        ParsePath(isInType, Generics.Close);
        _isPrinting = outer;
    }

    // An upper-case namespace is shown, as {closure:name#0}; a lower-case one is the compiler's own affair.
    private void ParseNestedPath(bool isInType)
    {
        byte kind = Next();
        if (!char.IsAsciiLetter((char)kind))
        {
            _failed = true;
            return;
        }
        ParsePath(isInType, Generics.Close);
        ulong disambiguator = ParseOptionalBase62('s');
        Identifier identifier = ParseIdentifier();

        if (char.IsAsciiLetterLower((char)kind))
        {
            if (identifier.Length > 0)
            {
                Print("::"u8);
                PrintIdentifier(identifier);
            }
            return;
        }
        Print("::{"u8);
        if (kind == 'C')
            Print("closure"u8);
        else if (kind == 'S')
            Print("shim"u8);
        else
            Print(kind);
        if (identifier.Length > 0)
        {
            Print(":"u8);
            PrintIdentifier(identifier);
        }
        Print("#"u8);
        PrintDecimal(disambiguator);
        Print("}"u8);
    }

    private bool ParseGenericPath(bool isInType, Generics generics)
    {
        ParsePath(isInType, Generics.Close);
        if (!isInType)
            Print("::"u8);
        Print("<"u8);
        for (bool isFirst = true; !_failed && !Consume('E'); isFirst = false)
        {
            PrintSeparator(isFirst, ", "u8);
            ParseGenericArgument();
        }
        if (generics == Generics.LeaveOpen)
            return true;
        Print(">"u8);
        return false;
    }

    private void PrintSeparator(bool isFirst, ReadOnlySpan<byte> separator)
    {
        if (!isFirst)
            Print(separator);
    }

    // <generic-arg> = L <lifetime> | K <const> | <type>
    private void ParseGenericArgument()
    {
        if (Consume('L'))
            PrintLifetime(ParseBase62());
        else if (Consume('K'))
            ParseConst();
        else
            ParseType();
    }

    // <type> = <basic-type> | <path> | <backref>
    //        | A <type> <const>             [T; N]
    //        | S <type>                     [T]
    //        | T <type>* E                  (T, U)
    //        | (R | Q) [L <lifetime>] <type>
    //        | (P | O) <type>
    //        | F <fn-sig>
    //        | D <dyn-bounds> L <lifetime>
    private void ParseType()
    {
        if (!Enter())
            return;
        byte letter = Next();
        ReadOnlySpan<byte> basicType = GetBasicType(letter);
        if (!basicType.IsEmpty)
            Print(basicType);
        else
            ParseCompoundType(letter);
        _depth--;
    }

    private void ParseCompoundType(byte letter)
    {
        switch (letter)
        {
            case (byte)'A':
                Print("["u8);
                ParseType();
                Print("; "u8);
                ParseConst();
                Print("]"u8);
                break;
            case (byte)'S':
                Print("["u8);
                ParseType();
                Print("]"u8);
                break;
            case (byte)'T':
                ParseTuple();
                break;
            case (byte)'R' or (byte)'Q':
                ParseReference(isMutable: letter == 'Q');
                break;
            case (byte)'P':
                Print("*const "u8);
                ParseType();
                break;
            case (byte)'O':
                Print("*mut "u8);
                ParseType();
                break;
            case (byte)'F':
                ParseFunctionSignature();
                break;
            case (byte)'D':
                ParseDynBounds();
                break;
            case (byte)'B':
                int resume = StartBackReference();
                if (resume >= 0)
                {
                    ParseType();
                    _position = resume;
                }
                break;
            default:
                if (!_failed)
                    _position--;
                ParsePath(isInType: true, Generics.Close);
                break;
        }
    }

    private static ReadOnlySpan<byte> GetBasicType(byte letter) => letter switch
    {
        (byte)'a' => "i8"u8,
        (byte)'b' => "bool"u8,
        (byte)'c' => "char"u8,
        (byte)'d' => "f64"u8,
        (byte)'e' => "str"u8,
        (byte)'f' => "f32"u8,
        (byte)'h' => "u8"u8,
        (byte)'i' => "isize"u8,
        (byte)'j' => "usize"u8,
        (byte)'l' => "i32"u8,
        (byte)'m' => "u32"u8,
        (byte)'n' => "i128"u8,
        (byte)'o' => "u128"u8,
        (byte)'p' => "_"u8,
        (byte)'s' => "i16"u8,
        (byte)'t' => "u16"u8,
        (byte)'u' => "()"u8,
        (byte)'v' => "..."u8,
        (byte)'x' => "i64"u8,
        (byte)'y' => "u64"u8,
        (byte)'z' => "!"u8,
        _ => default,
    };

    private void ParseTuple()
    {
        Print("("u8);
        int count = 0;
        for (; !_failed && !Consume('E'); count++)
        {
            PrintSeparator(count == 0, ", "u8);
            ParseType();
        }
        if (count == 1)
            Print(","u8);
        Print(")"u8);
    }

    private void ParseReference(bool isMutable)
    {
        Print("&"u8);
        if (Consume('L'))
        {
            ulong lifetime = ParseBase62();
            if (lifetime != 0)
            {
                PrintLifetime(lifetime);
                Print(" "u8);
            }
        }
        if (isMutable)
            Print("mut "u8);
        ParseType();
    }

    // <fn-sig> = [<binder>] [U] [K <abi>] <type>* E <type>
    private void ParseFunctionSignature()
    {
        ulong outerLifetimes = _boundLifetimes;
        ParseOptionalBinder();
        if (Consume('U'))
            Print("unsafe "u8);
        if (Consume('K'))
            ParseAbi();

        Print("fn("u8);
        for (bool isFirst = true; !_failed && !Consume('E'); isFirst = false)
        {
            PrintSeparator(isFirst, ", "u8);
            ParseType();
        }
        Print(")"u8);
        if (!Consume('u'))
        {
            Print(" -> "u8);
            ParseType();
        }
        _boundLifetimes = outerLifetimes;
    }

    // <abi> = C | <identifier>, with _ for -
    private void ParseAbi()
    {
        Print("extern \""u8);
        if (Consume('C'))
        {
            Print("C"u8);
        }
        else
        {
            Identifier abi = ParseIdentifier();
            if (abi.IsPunycode)
                _failed = true;
            foreach (byte letter in _name.AsSpan(abi.Start, abi.Length))
                Print(letter == '_' ? (byte)'-' : letter);
        }
        Print("\" "u8);
    }

    // <dyn-bounds> = [<binder>] <dyn-trait>* E, and the lifetime
    private void ParseDynBounds()
    {
        ulong outerLifetimes = _boundLifetimes;
        Print("dyn "u8);
        ParseOptionalBinder();
        for (bool isFirst = true; !_failed && !Consume('E'); isFirst = false)
        {
            PrintSeparator(isFirst, " + "u8);
            ParseDynTrait();
        }
        _boundLifetimes = outerLifetimes;

        if (!Consume('L'))
        {
            _failed = true;
            return;
        }
        ulong lifetime = ParseBase62();
        if (lifetime != 0)
        {
            Print(" + "u8);
            PrintLifetime(lifetime);
        }
    }

    // <dyn-trait> = <path> (p <identifier> <type>)*: associated types join the generic arguments
    private void ParseDynTrait()
    {
        bool isOpen = ParsePath(isInType: true, Generics.LeaveOpen);
        while (!_failed && Consume('p'))
        {
            Print(isOpen ? ", "u8 : "<"u8);
            isOpen = true;
            Identifier associated = ParseIdentifier();
            Print(_name.AsSpan(associated.Start, associated.Length));
            Print(" = "u8);
            ParseType();
        }
        if (isOpen)
            Print(">"u8);
    }

    // <binder> = G <base-62-number>
    private void ParseOptionalBinder()
    {
        ulong count = ParseOptionalBase62('G');
        if (_failed || count == 0)
            return;

        // Each lifetime is used later, which takes a byte; more would only be there to fill memory.
        if (count >= unchecked((ulong)_length - _boundLifetimes))
        {
            _failed = true;
            return;
        }
        Print("for<"u8);
        for (ulong i = 0; i < count && !_failed; i++)
        {
            _boundLifetimes++;
            PrintSeparator(i == 0, ", "u8);
            PrintLifetime(1);
        }
        Print("> "u8);
    }

    // <const> = <basic-type> <const-data> | p | <backref>
    private void ParseConst()
    {
        if (!Enter())
            return;
        switch (Next())
        {
            case (byte)'a' or (byte)'s' or (byte)'l' or (byte)'x' or (byte)'n' or (byte)'i':
            case (byte)'h' or (byte)'t' or (byte)'m' or (byte)'y' or (byte)'o' or (byte)'j':
                ParseConstInteger();
                break;
            case (byte)'b':
                ParseConstBool();
                break;
            case (byte)'c':
                ParseConstChar();
                break;
            case (byte)'p':
                Print("_"u8);
                break;
            case (byte)'B':
                int resume = StartBackReference();
                if (resume >= 0)
                {
                    ParseConst();
                    _position = resume;
                }
                break;
            default:
                _failed = true;
                break;
        }
        _depth--;
    }

    private void ParseConstInteger()
    {
        if (Consume('n'))
            Print("-"u8);
        ulong value = ParseHex(out ReadOnlySpan<byte> digits);
        if (digits.Length <= 16)
        {
            PrintDecimal(value);
            return;
        }
        Print("0x"u8);
        Print(digits);
    }

    private void ParseConstBool()
    {
        ParseHex(out ReadOnlySpan<byte> digits);
        if (digits.SequenceEqual("0"u8))
            Print("false"u8);
        else if (digits.SequenceEqual("1"u8))
            Print("true"u8);
        else
            _failed = true;
    }

    private void ParseConstChar()
    {
        ulong value = ParseHex(out ReadOnlySpan<byte> digits);
        if (_failed || digits.Length > 6)
        {
            _failed = true;
            return;
        }
        Print("'"u8);
        switch (value)
        {
            case '\t':
                Print("\\t"u8);
                break;
            case '\r':
                Print("\\r"u8);
                break;
            case '\n':
                Print("\\n"u8);
                break;
            case '\\':
                Print("\\\\"u8);
                break;
            case '\'':
                Print("\\'"u8);
                break;
            case >= ' ' and <= '~':
                Print((byte)value);
                break;
            default:
                Print("\\u{"u8);
                Print(digits);
                Print("}"u8);
                break;
        }
        Print("'"u8);
    }

    // <backref> = B <base-62-number>: an earlier part is read again
    /// <summary>Moves to the part; returns where to go on after it, or a negative number if there is nothing to read.</summary>
    private int StartBackReference()
    {
        ulong target = ParseBase62();
        if (_failed || target >= (ulong)_position)
        {
            _failed = true;
            return -1;
        }
        if (!_isPrinting)
            return -1;
        int resume = _position;
        _position = (int)target;
        return resume;
    }

    private readonly record struct Identifier(int Start, int Length, bool IsPunycode);

    // <identifier> = [u] <decimal-number> [_] <bytes>
    private Identifier ParseIdentifier()
    {
        bool isPunycode = Consume('u');
        ulong length = ParseDecimal();
        Consume('_');
        if (_failed || length > (ulong)(_length - _position)
            || _name.AsSpan(_position, (int)length).IndexOfAnyExcept(IdentifierBytes) >= 0)
        {
            _failed = true;
            return default;
        }
        int start = _position;
        _position += (int)length;
        return new Identifier(start, (int)length, isPunycode);
    }

    private static readonly System.Buffers.SearchValues<byte> IdentifierBytes =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>0 if the tag is not there, else the number after it and one.</summary>
    private ulong ParseOptionalBase62(char tag) => Consume(tag) ? AddChecked(ParseBase62(), 1) : 0;

    // <base-62-number> = <0-9a-zA-Z>* _: nothing is 0, 0 is 1, and so on
    private ulong ParseBase62()
    {
        if (Consume('_'))
            return 0;
        ulong value = 0;
        while (!_failed)
        {
            byte letter = Next();
            if (letter == '_')
                return AddChecked(value, 1);
            int digit = letter switch
            {
                >= (byte)'0' and <= (byte)'9' => letter - '0',
                >= (byte)'a' and <= (byte)'z' => letter - 'a' + 10,
                >= (byte)'A' and <= (byte)'Z' => letter - 'A' + 36,
                _ => -1,
            };
            if (digit < 0)
                _failed = true;
            else
                value = AddChecked(MultiplyChecked(value, 62), (ulong)digit);
        }
        return 0;
    }

    // <decimal-number> = 0 | <1-9> <0-9>*
    private ulong ParseDecimal()
    {
        if (!char.IsAsciiDigit((char)Peek()))
        {
            _failed = true;
            return 0;
        }
        if (Consume('0'))
            return 0;
        ulong value = 0;
        while (char.IsAsciiDigit((char)Peek()))
            value = AddChecked(MultiplyChecked(value, 10), (ulong)(Next() - '0'));
        return value;
    }

    // <hex-number> = 0_ | <1-9a-f> <0-9a-f>* _
    /// <summary>The value wraps around when there are more than 16 digits.</summary>
    private ulong ParseHex(out ReadOnlySpan<byte> digits)
    {
        int start = _position;
        ulong value = 0;
        if (!IsHexDigit(Peek()))
            _failed = true;
        if (Consume('0'))
        {
            if (!Consume('_'))
                _failed = true;
        }
        else
        {
            while (!_failed && !Consume('_'))
            {
                byte digit = Next();
                if (!IsHexDigit(digit))
                    _failed = true;
                else
                    value = unchecked((value << 4) + (ulong)(digit <= '9' ? digit - '0' : digit - 'a' + 10));
            }
        }
        digits = _failed ? default : _name.AsSpan(start, _position - 1 - start);
        return _failed ? 0 : value;
    }

    private static bool IsHexDigit(byte value) => value is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f');

    private ulong AddChecked(ulong left, ulong right)
    {
        ulong sum = unchecked(left + right);
        if (sum >= left && !_failed)
            return sum;
        _failed = true;
        return 0;
    }

    private ulong MultiplyChecked(ulong left, ulong right)
    {
        if (Math.BigMul(left, right, out ulong product) == 0)
            return product;
        _failed = true;
        return 0;
    }

    // Index 0 is the erased lifetime; others count binders from the innermost out. They are named 'a, 'b … 'z, 'z1 …
    private void PrintLifetime(ulong index)
    {
        if (index == 0)
        {
            Print("'_"u8);
            return;
        }
        if (index > _boundLifetimes)
        {
            _failed = true;
            return;
        }
        ulong depth = _boundLifetimes - index;
        Print("'"u8);
        if (depth < 26)
        {
            Print((byte)('a' + depth));
            return;
        }
        Print("z"u8);
        PrintDecimal(depth - 25);
    }

    private void PrintIdentifier(Identifier identifier)
    {
        if (_failed || !_isPrinting)
            return;
        ReadOnlySpan<byte> text = _name.AsSpan(identifier.Start, identifier.Length);
        if (!identifier.IsPunycode)
            Print(text);
        else if (!Punycode.TryDecode(text, _output))
            _failed = true;
    }

    private void PrintDecimal(ulong value)
    {
        if (!_failed && _isPrinting)
            _output.AppendDecimal(value);
    }

    private void Print(byte letter) => Print(new ReadOnlySpan<byte>(in letter));

    private void Print(ReadOnlySpan<byte> text)
    {
        if (!_failed && _isPrinting)
            _output.Append(text);
    }

    private bool Enter()
    {
        if (_depth >= MaxDepth || --_stepsLeft < 0 || _output.IsFull)
            _failed = true;
        if (!_failed)
            _depth++;
        return !_failed;
    }

    private byte Peek() => _failed || _position >= _length ? (byte)0 : _name[_position];

    private byte Next()
    {
        if (!_failed && _position < _length)
            return _name[_position++];
        _failed = true;
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Consume(char expected)
    {
        if (_failed || _position >= _length || _name[_position] != expected)
            return false;
        _position++;
        return true;
    }
}
