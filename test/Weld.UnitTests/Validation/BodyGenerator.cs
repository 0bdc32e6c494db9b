using Weld.Wasm.Sections;
using Weld.Wasm.Validation;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.UnitTests.Validation;

/// <summary>Makes function bodies that are valid in the module of <see cref="ValidatorContext"/>, as compilers write them.</summary>
/// <remarks>A statement leaves the stack as it was, an expression leaves one more value. Integers have random lengths.</remarks>
internal sealed class BodyGenerator(Random random, Signature[] types, bool is64)
{
    private const byte I = (byte)ValueType.I32;
    private const byte L = (byte)ValueType.I64;
    private const byte F = (byte)ValueType.F32;
    private const byte D = (byte)ValueType.F64;
    private const byte V = (byte)ValueType.V128;

    private readonly List<byte> _bytes = [];
    private readonly List<byte> _locals = [];

    // What a branch to each open block carries, the innermost last; 0 for nothing.
    private readonly List<byte> _labels = [];

    private byte Address => is64 ? L : I;

    public byte[] Make(uint typeIndex)
    {
        _bytes.Clear();
        _locals.Clear();
        _labels.Clear();
        Signature type = types[typeIndex];
        foreach (ValueType parameter in type.Parameters)
            _locals.Add((byte)parameter);
        AddLocals();
        byte result = type.Results.Length == 0 ? (byte)0 : (byte)type.Results[0];
        if (type.Results.Length > 1)
            throw new ArgumentOutOfRangeException(nameof(typeIndex));
        Block(result, result, depth: random.Next(2, 6));
        return [.. _bytes];
    }

    private void AddLocals()
    {
        int runs = random.Next(4);
        Unsigned((uint)runs, padded: false);
        for (int i = 0; i < runs; i++)
        {
            int count = random.Next(20) == 0 ? random.Next(300) : random.Next(4);
            byte type = Type();
            Unsigned((uint)count, padded: false);
            _bytes.Add(type);
            _locals.AddRange(Enumerable.Repeat(type, count));
        }
    }

    /// <summary>The instructions of a block and its end.</summary>
    private void Block(byte result, byte label, int depth)
    {
        _labels.Add(label);
        Statements(depth);
        if (random.Next(4) == 0)
            Leave(depth);
        else if (result != 0)
            Expression(result, depth);
        _bytes.Add(0x0b);
        _labels.RemoveAt(_labels.Count - 1);
    }

    private void Statements(int depth)
    {
        for (int left = random.Next(4); left > 0; left--)
            Statement(depth - 1);
    }

    /// <summary>After this comes nothing in the same block.</summary>
    private void Leave(int depth)
    {
        int target = random.Next(_labels.Count);
        byte label = _labels[^(target + 1)];
        switch (random.Next(4))
        {
            case 0:
                _bytes.Add(0x00);
                break;
            case 1:
                if (_labels[0] != 0)
                    Expression(_labels[0], depth);
                _bytes.Add(0x0f);
                break;
            case 2:
                if (label != 0)
                    Expression(label, depth);
                _bytes.AddRange([0x0c, (byte)target]);
                break;
            default:
                if (label != 0)
                    Expression(label, depth);
                Expression(I, depth);
                byte[] targets = [.. Enumerable.Range(0, _labels.Count).Where(i => _labels[^(i + 1)] == label).Select(static i => (byte)i)];
                int count = random.Next(40);
                _bytes.AddRange([0x0e, (byte)count]);
                for (int i = 0; i <= count; i++)
                    _bytes.Add(targets[random.Next(targets.Length)]);
                break;
        }
    }

    private void Statement(int depth)
    {
        if (depth <= 0)
        {
            _bytes.Add(0x01);
            return;
        }
        byte type = Type();
        switch (random.Next(10))
        {
            case 0:
                _bytes.AddRange([(byte)random.Next(2, 4), 0x40]);
                Block(0, 0, depth);
                break;
            case 1:
                Expression(I, depth);
                _bytes.AddRange([0x04, 0x40]);
                if (random.Next(2) == 0)
                    Alternatives(0, depth);
                else
                    Block(0, 0, depth);
                break;
            case 2:
            {
                int target = random.Next(_labels.Count);
                byte label = _labels[^(target + 1)];
                if (label != 0)
                    Expression(label, depth);
                Expression(I, depth);
                _bytes.AddRange([0x0d, (byte)target]);
                if (label != 0)
                    _bytes.Add(0x1a);
                break;
            }
            case 3:
                Expression(D, depth);
                _bytes.Add(0x24);
                Unsigned(1);
                break;
            case 4 or 5:
                Operator(0, depth);
                break;
            case 6:
                Expression(type, depth);
                _bytes.Add(0x1a);
                break;
            case 7:
                Call(0, depth);
                break;
            default:
                if (Local(type) is int local and >= 0)
                {
                    Expression(type, depth);
                    _bytes.Add(0x21);
                    Unsigned((uint)local, padded: false);
                }
                break;
        }
    }

    private void Alternatives(byte result, int depth)
    {
        _labels.Add(result);
        Statements(depth);
        if (random.Next(4) == 0)
            Leave(depth);
        else if (result != 0)
            Expression(result, depth);
        _bytes.Add(0x05);
        _labels.RemoveAt(_labels.Count - 1);
        Block(result, result, depth);
    }

    private void Expression(byte type, int depth)
    {
        if (depth <= 0)
        {
            Leaf(type);
            return;
        }
        depth--;
        switch (random.Next(12))
        {
            case 0:
                _bytes.AddRange([0x02, type]);
                Block(type, type, depth);
                break;
            case 1:
                _bytes.AddRange([0x03, type]);
                Block(type, 0, depth);
                break;
            case 2:
                Expression(I, depth);
                _bytes.AddRange([0x04, type]);
                Alternatives(type, depth);
                break;
            case 3:
                Expression(type, depth);
                Expression(type, depth);
                Expression(I, depth);
                _bytes.Add(0x1b);
                break;
            case 4:
                Call(type, depth);
                break;
            case 5 when Local(type) is int local and >= 0:
                Expression(type, depth);
                _bytes.Add(0x22);
                Unsigned((uint)local, padded: false);
                break;
            case 6 when type == Address:
                _bytes.AddRange([0x3f, 0]);
                break;
            case 7 or 8 or 9 or 10:
                Operator(type, depth);
                break;
            default:
                Leaf(type);
                break;
        }
    }

    private void Leaf(byte type)
    {
        if (random.Next(3) != 0 && Local(type) is int local and >= 0)
        {
            _bytes.Add(0x20);
            Unsigned((uint)local, padded: false);
            return;
        }
        switch (type)
        {
            case I when random.Next(4) == 0:
                _bytes.Add(0x23);
                Unsigned(0);
                break;
            case I:
                _bytes.Add(0x41);
                Signed(random.Next() >> random.Next(32), 5);
                break;
            case L:
                _bytes.Add(0x42);
                Signed(random.NextInt64() >> random.Next(64), 10);
                break;
            case F:
                _bytes.Add(0x43);
                AddRandom(4);
                break;
            case D:
                _bytes.Add(0x44);
                AddRandom(8);
                break;
            default:
                _bytes.AddRange([0xfd, 12]);
                AddRandom(16);
                break;
        }
    }

    /// <summary>A call, direct or indirect, of a function with such a result; a leaf or nothing if there is none.</summary>
    private void Call(byte result, int depth)
    {
        int[] fitting = [.. Enumerable.Range(0, types.Length).Where(i => types[i].Results.Length == (result == 0 ? 0 : 1) && (result == 0 || (byte)types[i].Results[0] == result))];
        if (fitting.Length == 0)
        {
            if (result != 0)
                Leaf(result);
            return;
        }
        int type = fitting[random.Next(fitting.Length)];
        foreach (byte parameter in types[type].Parameters.ToArray().Select(static parameter => (byte)parameter))
            Expression(parameter, depth - 1);
        if (random.Next(2) == 0)
        {
            _bytes.Add(0x10);
            Unsigned((uint)type);
            return;
        }
        Expression(I, depth - 1);
        _bytes.Add(0x11);
        Unsigned((uint)type);
        Unsigned(0);
    }

    /// <summary>Any row of the table that has such a result.</summary>
    private void Operator(byte result, int depth)
    {
        byte prefix = new byte[] { 0, 0, 0, 0, 0, 0xfc, 0xfd, 0xfe }[random.Next(8)];
        OperatorShape[] table = OperatorTableTests.TableOf(prefix);
        int[] fitting = [.. Enumerable.Range(0, table.Length).Where(i => table[i].Form != OperatorForm.None && table[i].Result == result)];
        if (fitting.Length == 0)
        {
            if (result != 0)
                Leaf(result);
            return;
        }
        int opcode = fitting[random.Next(fitting.Length)];
        (OperatorForm form, byte first, byte second, byte third, _, byte limit) = table[opcode];
        foreach (byte operand in (byte[])[first, second, third])
            if (operand != 0)
                Expression(operand == OperatorTableTests.Address ? Address : operand, depth - 1);
        _bytes.AddRange(OperatorTableTests.Encode(prefix, opcode));
        if (form is OperatorForm.Memory or OperatorForm.MemoryLane or OperatorForm.Atomic)
        {
            _bytes.Add(form == OperatorForm.Atomic ? limit : (byte)random.Next(limit + 1));
            Unsigned((uint)random.Next() >> random.Next(32));
        }
        if (form is OperatorForm.Lane or OperatorForm.MemoryLane)
            _bytes.Add(0);
    }

    private byte Type() => random.Next(10) switch
    {
        < 5 => I,
        < 7 => L,
        7 => F,
        8 => D,
        _ => V,
    };

    private int Local(byte type)
    {
        int[] fitting = [.. Enumerable.Range(0, _locals.Count).Where(i => _locals[i] == type)];
        return fitting.Length == 0 ? -1 : fitting[random.Next(fitting.Length)];
    }

    private void AddRandom(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        _bytes.AddRange(bytes);
    }

    private void Unsigned(uint value, bool padded = true)
    {
        int least = padded && random.Next(2) == 0 ? random.Next(1, 6) : 1;
        for (int length = 1; length < least || value >= 0x80; length++)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }
        _bytes.Add((byte)value);
    }

    private void Signed(long value, int longest)
    {
        if (random.Next(2) == 0)
            value = ~value;
        int least = random.Next(2) == 0 ? random.Next(1, longest + 1) : 1;
        for (int length = 1; length < least || value is > 63 or < -64; length++)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }
        _bytes.Add((byte)(value & 0x7f));
    }
}
