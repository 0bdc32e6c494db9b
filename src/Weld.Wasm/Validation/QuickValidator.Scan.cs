using System.Runtime.CompilerServices;
using static Weld.Wasm.Validation.OperatorTable;

namespace Weld.Wasm.Validation;

/// <content>The loop over the instructions.</content>
internal sealed unsafe partial class QuickValidator
{
    /// <summary>Checks the instructions that start before <paramref name="limit"/>, behind which there are <see cref="Room"/> bytes.</summary>
    /// <remarks>There are no calls here, so that all state stays in registers; hence the size of it. The jump is made with the opcode
    /// itself and not with a number from its row: waiting for the row makes each wrong guess of the processor longer.</remarks>
    private Outcome Scan(byte* limit)
    {
        byte* p = _position;
        byte* top = _top;
        Frame* frame = _frame;
        byte* floor = frame->Floor;
        byte* locals = _locals;
        uint shortLocals = _shortLocals;
        QuickRow* rows = _rows;
        if (_isUnreachable)
            goto Unreachable;
    Reachable:
        while (p < limit)
        {
            uint opcode = *p;
            QuickRow* row = rows + opcode;
            if (opcode >= FirstPlain)
                goto Plain;
            switch (opcode)
            {
                // Loads and stores.
                case 0x28:
                case 0x29:
                case 0x2a:
                case 0x2b:
                case 0x2c:
                case 0x2d:
                case 0x2e:
                case 0x2f:
                case 0x30:
                case 0x31:
                case 0x32:
                case 0x33:
                case 0x34:
                case 0x35:
                case 0x36:
                case 0x37:
                case 0x38:
                case 0x39:
                case 0x3a:
                case 0x3b:
                case 0x3c:
                case 0x3d:
                case 0x3e:
                {
                    ulong offset = Leb(p + 2, out int length);
                    if (offset > LargestU32)
                        goto Other;
                    if (p[1] > row->Limit)
                        return Outcome.LookClosely;
                    p += 1 + length;
                    goto Plain;
                }
                case 0x20: // local.get
                {
                    uint index = p[1];
                    if (index >= shortLocals)
                        goto Other;
                    p += 2;
                    *top = locals[index];
                    top++;
                    continue;
                }
                case 0x21: // local.set
                case 0x22: // local.tee
                {
                    uint index = p[1];
                    if (index >= shortLocals)
                        goto Other;
                    p += 2;
                    if (top == floor || top[-1] != locals[index])
                        return Outcome.LookClosely;
                    // local.set takes it off.
                    top -= 0x22 - opcode;
                    continue;
                }
                case 0x23: // global.get
                {
                    ulong index = IndexOf(Leb(p + 1, out int length));
                    if (index >= (uint)_globals.Length)
                        return Outcome.LookClosely;
                    p += 1 + length;
                    *top = (byte)_globals[(int)index].Type;
                    top++;
                    continue;
                }
                case 0x24: // global.set
                {
                    ulong index = IndexOf(Leb(p + 1, out int length));
                    top--;
                    if (index >= (uint)_globals.Length || top < floor || *top != (byte)_globals[(int)index].Type || !_globals[(int)index].IsMutable)
                        return Outcome.LookClosely;
                    p += 1 + length;
                    continue;
                }
                case 0x41: // i32.const
                {
                    // The bits above the value must all equal its sign.
                    ulong last = Leb(p + 1, out int length) >> 32;
                    if (last > 0x07 && (last & ~7UL) != 0x78)
                        return Outcome.LookClosely;
                    p += 1 + length;
                    *top = I;
                    top++;
                    continue;
                }
                case 0x42: // i64.const
                    p = SkipLeb64(p + 1, SignedEnd);
                    if (p == null)
                        return Outcome.LookClosely;
                    *top = L;
                    top++;
                    continue;
                case 0x43: // f32.const
                    p += 5;
                    *top = F;
                    top++;
                    continue;
                case 0x44: // f64.const
                    p += 9;
                    *top = D;
                    top++;
                    continue;
                case 0x04: // if
                    top--;
                    if (top < floor || *top != I)
                        return Outcome.LookClosely;
                    goto case 0x02;
                case 0x02: // block
                case 0x03: // loop
                {
                    byte result = BlockResult(p[1]);
                    if (result == NoBlock || frame == _frames + (MaximumDepth - 1))
                        return Outcome.LookClosely;
                    p += 2;
                    floor = top;
                    frame++;
                    frame->Floor = top;
                    frame->Kind = (byte)opcode;
                    frame->Result = result;
                    frame->Label = opcode == 0x03 ? (byte)0 : result;
                    continue;
                }
                case 0x05: // else
                    if (!HasResult(top, frame))
                        return Outcome.LookClosely;
                    goto Else;
                case End:
                    if (!HasResult(top, frame))
                        return Outcome.LookClosely;
                    goto End;
                case 0x0d: // br_if
                {
                    top--;
                    Frame* target = frame - p[1];
                    if (p[1] >= 0x80 || target < _frames || top < floor || *top != I || !HasLabel(top, floor, target))
                        return Outcome.LookClosely;
                    p += 2;
                    continue;
                }
                case 0x0c: // br
                {
                    Frame* target = frame - p[1];
                    if (p[1] >= 0x80 || target < _frames || !HasLabel(top, floor, target))
                        return Outcome.LookClosely;
                    p += 2;
                    goto Unreachable;
                }
                case 0x0e: // br_table
                {
                    top--;
                    if (top < floor || *top != I)
                        return Outcome.LookClosely;
                    p++;
                    uint count = ReadShortIndex(ref p);
                    if (count > LargestShortIndex)
                        return Outcome.LookClosely;
                    Frame* last = null;
                    for (uint left = count + 1; left > 0; left--)
                    {
                        if (p > limit + (Room - 2))
                            return Outcome.LookClosely;
                        Frame* target = frame - ReadShortIndex(ref p);
                        if (target < _frames || (last != null && last->Label != target->Label))
                            return Outcome.LookClosely;
                        last = target;
                    }
                    if (p >= limit + Room || !HasLabel(top, floor, last))
                        return Outcome.LookClosely;
                    goto Unreachable;
                }
                case 0x0f: // return
                    if (!HasLabel(top, floor, _frames))
                        return Outcome.LookClosely;
                    p++;
                    goto Unreachable;
                case 0x00: // unreachable
                    p++;
                    goto Unreachable;
                case 0x10: // call
                {
                    ulong index = IndexOf(Leb(p + 1, out int length));
                    uint[] functions = _context.FunctionTypes;
                    if (index >= (uint)functions.Length)
                        return Outcome.LookClosely;
                    p += 1 + length;
                    top = Apply(_types[functions[(int)index]], top, floor);
                    if (top == null)
                        return Outcome.LookClosely;
                    continue;
                }
                case 0x11: // call_indirect
                {
                    ulong index = IndexOf(Leb(p + 1, out int length));
                    p += 1 + length;
                    ulong table = IndexOf(Leb(p, out length));
                    p += length;
                    top--;
                    if (index >= (uint)_types.Length || table >= (uint)_tables.Length || top < floor || *top != _tables[(int)table])
                        return Outcome.LookClosely;
                    top = Apply(_types[(int)index], top, floor);
                    if (top == null)
                        return Outcome.LookClosely;
                    continue;
                }
                case 0x1a: // drop
                    if (top == floor)
                        return Outcome.LookClosely;
                    top--;
                    p++;
                    continue;
                case 0x1b: // select
                    // References have smaller numbers than all others.
                    top -= 2;
                    if (top <= floor || top[1] != I || *top != top[-1] || *top < V)
                        return Outcome.LookClosely;
                    p++;
                    continue;
                default:
                    goto Other;
            }
        Plain:
            byte* bottom = top - row->Pops;
            if (bottom < floor || *bottom != row->First || top[-1] != row->Last)
            {
                if (opcode > LastPlain)
                    goto Other;
                return Outcome.LookClosely;
            }
            *bottom = row->Result;
            top = bottom + row->Pushes;
            p++;
        }
        _isUnreachable = false;
    Limit:
        Save(p, top, frame);
        return Outcome.AtLimit;
    Other:
        _isUnreachable = false;
        Save(p, top, frame);
        return Outcome.AtOther;
    Unreachable:
        // Compilers leave out code that cannot be reached, so this is the end of a block.
        top = floor;
        switch (*p)
        {
            case End when frame != _frames:
                goto End;
            case End:
                _isUnreachable = true;
                goto Limit;
            case 0x05: // else
                goto Else;
            default:
                return Outcome.LookClosely;
        }
    Else:
        if (frame->Kind != If)
            return Outcome.LookClosely;
        frame->Kind = Block;
        top = floor;
        p++;
        goto Reachable;
    End:
        if (frame == _frames || (frame->Kind == If && frame->Result != 0))
            return Outcome.LookClosely;
        // After a branch the result is not on the stack yet.
        *floor = frame->Result;
        top = floor + (frame->Result != 0 ? 1 : 0);
        frame--;
        floor = frame->Floor;
        p++;
        goto Reachable;
    }

    private void Save(byte* position, byte* top, Frame* frame)
    {
        _position = position;
        _top = top;
        _frame = frame;
    }

    /// <summary>Whether what a branch to <paramref name="target"/> carries is on the stack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasLabel(byte* top, byte* floor, Frame* target) => target->Label == 0 || (top != floor && top[-1] == target->Label);

    /// <summary>Whether the result of the innermost block is on the stack, and nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasResult(byte* top, Frame* frame) => frame->Result == 0
        ? top == frame->Floor
        : top == frame->Floor + 1 && top[-1] == frame->Result;

    /// <summary>Exchanges parameters for a result.</summary>
    /// <returns>The new top of the stack; null to look closely.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Apply(in QuickType type, byte* top, byte* floor)
    {
        byte* bottom = top - type.Parameters.Length;
        if (bottom < floor || ((Unsafe.ReadUnaligned<ulong>(top - 8) ^ type.LastParameters) & type.Mask) != 0 || type.ResultCount > 1)
            return null;
        // The first of more than eight.
        for (int i = type.Parameters.Length - 8; i > 0; i--)
            if (bottom[i - 1] != type.Parameters.Pointer[i - 1])
                return null;
        *bottom = type.Result;
        return bottom + type.ResultCount;
    }
}
