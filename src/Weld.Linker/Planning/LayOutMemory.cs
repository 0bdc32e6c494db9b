using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using Weld.Linker.Resolution;

namespace Weld.Linker.Planning;

/// <summary>Gives addresses to the stack, the data and the heap, and sizes the memory.</summary>
/// <remarks>From low to high: the stack, data, zeros, the heap; with <c>--no-stack-first</c> the stack comes after the zeros.
/// Counterpart in wasm-ld: Writer::layoutMemory.</remarks>
public sealed class LayOutMemory
{
    private const ulong StackAlignment = 16;
    private const ulong HeapAlignment = 16;
    private const ulong Limit32 = 1ul << 32;
    private const ulong Limit64 = 1ul << 34;

    private readonly DataPlan _plan;
    private readonly ResolvedProgram _program;
    private readonly LinkOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private ulong _address;

    private LayOutMemory(DataPlan plan, ResolvedProgram program, LinkOptions options, DiagnosticBag diagnostics)
    {
        _plan = plan;
        _program = program;
        _options = options;
        _diagnostics = diagnostics;
    }

    public static void Run(DataPlan plan, ResolvedProgram program, LinkOptions options, DiagnosticBag diagnostics)
    {
        var stage = new LayOutMemory(plan, program, options, diagnostics);
        if (!stage.PlaceData())
            return;
        stage.PlaceHeap();
        stage.SizeMemory();
        stage.DefineStartStop();
    }

    private ulong Limit => _options.Is64 == true ? Limit64 : Limit32;

    private bool PlaceData()
    {
        if (_options.Relocatable || _options.IsPic)
        {
            // Addresses count from the start of the module's data.
            _address = _options.GlobalBase;
        }
        else if (_options.StackFirst)
        {
            PlaceStack();
            if (_options.GlobalBase != 0)
            {
                if (_options.GlobalBase < _address)
                {
                    _diagnostics.Add(PlanErrors.GlobalBaseBelowStack());
                    return false;
                }
                _address = _options.GlobalBase;
            }
        }
        else
        {
            // Address 0 stays free, so that a null pointer never points at data.
            _address = _options.GlobalBase != 0 ? _options.GlobalBase : 1024;
        }
        Define("__global_base", _address);
        Define("__dso_handle", _address);
        ulong start = _address;
        foreach (OutputSegment segment in _plan.Segments)
        {
            _address = Alignment.Up(_address, 1ul << (int)segment.AlignmentLog2);
            segment.Address = _address;
            Advance(segment.Size);
        }
        PlaceInitFlag();
        _plan.StaticSize = _address - start;
        Define("__data_end", _address);
        if (!_options.StackFirst && !_options.Relocatable && !_options.IsPic)
            PlaceStack();
        return true;
    }

    /// <summary>The word through which threads agree on who initialises memory.</summary>
    private void PlaceInitFlag()
    {
        if (!_options.SharedMemory || _plan.Segments.Count == 0)
            return;
        _address = Alignment.Up(_address, 4);
        _plan.InitFlagAddress = _address;
        SymbolId id = _program.Symbols.Insert(WellKnownNames.InitMemoryFlag, out _);
        _plan.LinkerAddresses[id] = _address;
        Advance(4);
    }

    private void PlaceStack()
    {
        _address = Alignment.Up(_address, StackAlignment);
        Define("__stack_low", _address);
        if (_options.StackSize % StackAlignment != 0)
            _diagnostics.Add(PlanErrors.StackAlignment());
        Advance(_options.StackSize);
        _plan.StackTop = _address;
        Define("__stack_high", _address);
    }

    private void PlaceHeap()
    {
        if (_program.LinkerSymbols.OptionalData.ContainsKey("__heap_base"))
            _address = Alignment.Up(_address, HeapAlignment);
        Define("__heap_base", _address);
        Define("__memory_base", 0);
        Define("__table_base", _options.TableBase);
        Define("__wasm_first_page_end", _options.PageSize);
        if (_options.InitialHeap == 0)
            return;
        CheckAlignment("initial heap", _options.InitialHeap);
        ulong largest = _address >= Limit ? 0 : Limit - _address;
        if (_options.InitialHeap > largest)
            _diagnostics.Add(PlanErrors.MemoryTooLarge("initial heap", largest));
        Advance(_options.InitialHeap);
    }

    private void SizeMemory()
    {
        if (_options.InitialMemory != 0)
        {
            CheckAlignment("initial memory", _options.InitialMemory);
            if (_address > _options.InitialMemory)
                _diagnostics.Add(PlanErrors.MemoryTooSmall("initial memory", _address));
            if (_options.InitialMemory > Limit)
                _diagnostics.Add(PlanErrors.MemoryTooLarge("initial memory", Limit));
            _address = _options.InitialMemory;
        }
        _address = Alignment.Up(_address, _options.PageSize);
        if (_address > Limit && !_diagnostics.HasErrors)
            _diagnostics.Add(PlanErrors.MemoryTooLarge("static data and stack", Limit));
        _plan.MinimumPages = _address / _options.PageSize;
        Define("__heap_end", _address);
        ulong maximum = 0;
        if (_options.MaxMemory != 0)
        {
            CheckAlignment("maximum memory", _options.MaxMemory);
            if (_address > _options.MaxMemory)
                _diagnostics.Add(PlanErrors.MemoryTooSmall("maximum memory", _address));
            if (_options.MaxMemory > Limit)
                _diagnostics.Add(PlanErrors.MemoryTooLarge("maximum memory", Limit));
            maximum = _options.MaxMemory;
        }
        else if (_options.NoGrowableMemory || _options.SharedMemory)
        {
            maximum = _options.SharedMemory && _options.IsPic && !_options.NoGrowableMemory ? Limit : _address;
        }
        if (maximum != 0)
            _plan.MaximumPages = maximum / _options.PageSize;
    }

    /// <summary>Segments whose names are C identifiers get symbols for their two ends, where an object or an export names those.</summary>
    private void DefineStartStop()
    {
        if (_options.Relocatable)
            return;
        foreach (OutputSegment segment in _plan.Segments)
        {
            if (!IsIdentifier(segment.Name.Bytes))
                continue;
            DefineIfUndefined($"__start_{segment.Name}", segment.Address);
            DefineIfUndefined($"__stop_{segment.Name}", segment.Address + segment.Size);
        }
    }

    private void DefineIfUndefined(string name, ulong address)
    {
        // Only here is it known which segments are left, and so which names exist for --export-all.
        bool isExported = _options.ExportAll || _options.RequiredExports.Contains(name) || _options.OptionalExports.Contains(name);
        SymbolId id = isExported ? _program.Symbols.Insert(name, out _) : _program.Symbols.Find(name);
        if (!id.IsNone && !_program.Symbols[id].IsDefined)
            _plan.LinkerAddresses.Add(id, address);
    }

    private void Define(string name, ulong address)
    {
        if (_program.LinkerSymbols.OptionalData.TryGetValue(name, out SymbolId id))
            _plan.LinkerAddresses[id] = address;
    }

    private void CheckAlignment(string what, ulong value)
    {
        if (value % _options.PageSize != 0)
            _diagnostics.Add(PlanErrors.MemoryAlignment(what, _options.PageSize));
    }

    /// <summary>Sizes come from options and files; a sum that wraps would look small.</summary>
    private void Advance(ulong size) => _address = size > ulong.MaxValue / 2 - Math.Min(_address, ulong.MaxValue / 2) ? ulong.MaxValue / 2 : _address + size;

    internal static bool IsIdentifier(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit((char)name[0]))
            return false;
        foreach (byte b in name)
            if (!char.IsAsciiLetterOrDigit((char)b) && b != '_')
                return false;
        return true;
    }
}
