using static Weld.Wasm.Validation.OperatorTable;

namespace Weld.Wasm.Validation;

/// <content>Instructions that are not so frequent that they belong into the loop, one at a time.</content>
internal sealed unsafe partial class QuickValidator
{
    /// <returns>False to look closely.</returns>
    private bool Step()
    {
        byte opcode = *_position++;
        switch (opcode)
        {
            case 0x01:
                return true;
            case 0x10:
                return ReadIndex(_functions.Length, out int function) && Call(_functions[function]);
            case 0x11:
                return ReadIndex(_types.Length, out int type) && ReadIndex(_tables.Length, out int table) && Pop(_tables[table]) && Call((uint)type);
            case 0x20:
                return ReadLocal(out byte read) && Push(read);
            case 0x21:
                return ReadLocal(out byte set) && Pop(set);
            case 0x22:
                return ReadLocal(out byte tee) && Pop(tee) && Push(tee);
            case >= 0x28 and <= 0x3e:
                return Apply(Plain[opcode]);
            case 0x3f:
                return *_position++ == 0 && Push(_address);
            case 0x40:
                return *_position++ == 0 && Pop(_address) && Push(_address);
            case 0xfc:
                return StepMiscellaneous(*_position++);
            case 0xfd:
                return StepSimd(ReadShortIndex(ref _position));
            case 0xfe:
                return *_position++ is byte atomic && atomic < Atomic.Length && Apply(Atomic[atomic]);
            default:
                return false;
        }
    }

    private bool ReadLocal(out byte type)
    {
        uint index = ReadShortIndex(ref _position);
        bool isValid = index < _localCount;
        type = isValid ? _locals[index] : (byte)0;
        return isValid;
    }

    private bool ReadIndex(int count, out int index)
    {
        ulong value = ReadIndex(_position, out nuint length);
        _position += length;
        index = (int)value;
        return value < (uint)count;
    }

    /// <summary>With any number of parameters and results.</summary>
    private bool Call(uint typeIndex)
    {
        FunctionShape type = _context.Types[typeIndex];
        for (int i = type.Parameters.Length - 1; i >= 0; i--)
            if (!Pop(type.Parameters.Pointer[i]))
                return false;
        if (type.Results.Length > 1)
            return false;
        foreach (byte result in type.Results.Bytes)
            Push(result);
        return true;
    }

    private bool StepMiscellaneous(byte opcode)
    {
        if (opcode < Miscellaneous.Length && Miscellaneous[opcode].Form != OperatorForm.None)
            return Apply(Miscellaneous[opcode]);
        switch (opcode)
        {
            case 10:
                return *_position++ == 0 && *_position++ == 0 && Pop(_address) && Pop(_address) && Pop(_address);
            case 11:
                return *_position++ == 0 && Pop(_address) && Pop(I) && Pop(_address);
            default:
                return false;
        }
    }

    private bool StepSimd(uint opcode)
    {
        if (opcode < (uint)Simd.Length && Simd[opcode].Form != OperatorForm.None)
            return Apply(Simd[opcode]);
        switch (opcode)
        {
            case 12:
                _position += 16;
                return Push(V);
            case 13:
                for (int lane = 0; lane < 16; lane++)
                    if (*_position++ >= 32)
                        return false;
                return Pop(V) && Pop(V) && Push(V);
            default:
                return false;
        }
    }

    private bool Apply(in OperatorShape shape)
    {
        (OperatorForm form, byte first, byte second, byte third, byte result, byte limit) = shape;
        return form != OperatorForm.None
            && (form == OperatorForm.Plain || ReadImmediates(form, limit))
            && (third == 0 || Pop(third))
            && (second == 0 || Pop(second))
            && (first == 0 || Pop(first == A ? _address : first))
            && (result == 0 || Push(result));
    }

    private bool ReadImmediates(OperatorForm form, byte limit)
    {
        if (form != OperatorForm.Lane)
        {
            byte alignment = *_position++;
            if (form == OperatorForm.Atomic ? alignment != limit : alignment > limit)
                return false;
            if (_address == I && Leb(_position, out _) > LargestU32)
                return false;
            _position = SkipLeb64(_position, UnsignedEnd);
            if (_position == null)
                return false;
        }
        return form is not (OperatorForm.Lane or OperatorForm.MemoryLane) || *_position++ < 16 >> limit;
    }

    private bool Push(byte type)
    {
        *_top++ = type;
        return true;
    }

    private bool Pop(byte type) => *--_top == type;
}
