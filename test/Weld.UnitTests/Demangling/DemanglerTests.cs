using System.Diagnostics;
using System.Text;
using Weld.Base;
using Weld.Linker.Demangling;
using Weld.TestSupport;
using Xunit;

namespace Weld.UnitTests.Demangling;

/// <summary>Demangled names are llvm-cxxfilt's, and no name can do harm.</summary>
/// <remarks>names.txt has names of names.cpp and names.rs, and some written by hand, with what LLVM 22 makes of each.</remarks>
public sealed class DemanglerTests
{
    private const string Libcxx = "/usr/lib/llvm-22/lib/wasm32-wasi/libc++.a";

    public static TheoryData<string, string> Table
    {
        get
        {
            var table = new TheoryData<string, string>();
            foreach (string line in File.ReadLines(FindFile("names.txt")))
            {
                string[] columns = line.Split('\t');
                table.Add(columns[0], columns[1]);
            }
            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Name_reads_as_llvm_prints_it(string mangled, string expected) => Assert.Equal(expected, Display(mangled));

    [Theory]
    [InlineData("__main_argc_argv", "main")]
    [InlineData("__Z1av", "a()")]
    [InlineData("___Z1av", "a()")]
    [InlineData("._Z1av", ".a()")]
    public void Name_reads_as_wasm_ld_prints_it(string mangled, string expected) => Assert.Equal(expected, Display(mangled));

    [Theory]
    [InlineData("")]
    [InlineData("_")]
    [InlineData("main")]
    [InlineData("_Z")]
    [InlineData("_R")]
    [InlineData("_D")]
    [InlineData("_Zzz")]
    [InlineData("_Z3fo")]
    [InlineData("_Z3foo!")]
    [InlineData("_____Z1av")]
    [InlineData("Z1av")]
    [InlineData("?f@@YAXXZ")]
    [InlineData("_ZN4PackIJicEE5pairsIJlbEEEvDpPS_IJ_SUBSTPACK_T_EE")]     // clang's own extension
    [InlineData("_ZN5ValueILe4000a000000000000000000000000000EE6methodEv")]   // a long double of 128 bits, where LLVM expects 80
    [InlineData("_ZZ14in_other_scopevENK3$_0clIJiiEEEDaiPcDpT_")]
    [InlineData("_ZN5ValueILDi120EE6methodEv")]
    [InlineData("_D4test3foov")]
    [InlineData("_RNvC1a1")]
    public void Name_stays(string name) => Assert.Equal(name, Display(name));

    [Fact]
    public void Bytes_that_are_not_text_pass_through()
    {
        byte[] name = [.. "_Z3"u8, 0xff, 0x80, 0xc0, (byte)'v'];
        Assert.Equal([0xff, 0x80, 0xc0, (byte)'(', (byte)')'], Demangler.ForThisThread.GetDisplayName(name).ToArray());
    }

    [Fact]
    public void Same_as_llvm_for_the_names_of_libcxx() => CompareWithLlvm(DefinedNames(Libcxx), atLeast: 3000);

    [Fact]
    public void Same_as_llvm_for_the_names_of_own_code()
    {
        using var directory = new TempDirectory();
        ExternalTool.Run(directory.Path, "clang-22", "-std=c++2c", "--target=wasm32-wasi", "-fblocks", "-w", "-c", FindFile("names.cpp"), "-o", "names.o");
        CompareWithLlvm(DefinedNames(Path.Combine(directory.Path, "names.o")), atLeast: 200);
    }

    [Fact]
    public void Same_as_llvm_for_malformed_names()
    {
        var random = new Random(22);
        string[] names = [.. Table.Select(row => row.Data.Item1)];
        CompareWithLlvm([.. Enumerable.Range(0, 20_000).Select(_ => Mutate(names[random.Next(names.Length)], random))], atLeast: 1000);
    }

    [Fact]
    public void Names_cost_no_memory_after_the_first_time()
    {
        byte[][] names = [.. Table.Select(row => Encoding.UTF8.GetBytes(row.Data.Item1))];
        Demangler demangler = Demangler.ForThisThread;
        DemangleAll();
        long before = GC.GetAllocatedBytesForCurrentThread();
        DemangleAll();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void DemangleAll()
        {
            foreach (byte[] name in names)
                demangler.GetDisplayName(name);
        }
    }

    [Theory]
    [InlineData("_Z1f", "P", "i")]
    [InlineData("_Z1f", "KVP", "i")]
    [InlineData("_Z1f", "A1_", "i")]
    [InlineData("_Z1f", "PF", "i")]
    [InlineData("_Z1f", "M1a", "i")]
    [InlineData("_Z1f", "1aI", "i")]
    [InlineData("_Z1f", "1aIJ", "i")]
    [InlineData("_Z1f", "DpDk1aI", "i")]
    [InlineData("_Z1f", "N1aI", "i")]
    [InlineData("_Z1f", "U3fooI", "i")]
    [InlineData("_Z1f", "Dv_", "i")]
    [InlineData("_Z1f", "DTng", "i")]
    [InlineData("_Z1f", "A", "_i")]
    [InlineData("_Z1fIiEvDT", "ng", "fp_E")]
    [InlineData("_Z1fIiEvDT", "plfp_", "fp_E")]
    [InlineData("_Z1fIiEvDT", "clsrN", "fp_E")]
    [InlineData("_Z1fIiEvDT", "il", "EE")]
    [InlineData("_Z1fIiEvDT", "tlAT_c", "EE")]
    [InlineData("_Z1fIiEvDT", "rqX", "EE")]
    [InlineData("_Z1fIXL", "_Z1fIXL", "i1E")]
    [InlineData("_Z", "Z", "1fvE1a")]
    [InlineData("_Z", "Th1_", "1fv")]
    [InlineData("_Z", "TcH1_h1_", "1fv")]
    [InlineData("_Z", "N1aIZ", "1fvE1a")]
    [InlineData("_Z1fI", "Tt", "Ei")]
    [InlineData("_Z1fI", "Tp", "Tyi")]
    [InlineData("_ZZ1fvENK", "UlUl", "vE_")]
    [InlineData("_ZN", "UlP", "vE_")]
    [InlineData("_ZN1aC", "I1N1aC", "1E")]
    [InlineData("_Z1fIiEvDTdi", "dx", "fp_E")]
    [InlineData("_RI", "I", "C1aE")]
    [InlineData("_RIC1a", "S", "iE")]
    [InlineData("_RIC1a", "FT", "iE")]
    [InlineData("_RY", "Y", "iC1a")]
    [InlineData("_RNv", "Nv", "C1a1b")]
    [InlineData("_D", "1aQb", "i")]
    public void Deep_nesting_needs_little_stack(string start, string repeated, string end)
    {
        foreach (int count in (int[])[100, 1_000, 10_000, 300_000])
        {
            string name = start + string.Concat(Enumerable.Repeat(repeated, count)) + end;
            OnSmallStack(() => Display(name));
            OnSmallStack(() => Display(name + new string('E', count)));
        }
    }

    [Fact]
    public void Names_may_nest_as_deeply_as_compilers_let_them()
    {
        OnSmallStack(() => Assert.Equal($"f(int{new string('*', 5000)})", Display($"_Z1f{new string('P', 5000)}i")));

        // A list of lists …, at clang's default limit of 1,024.
        string mangled = string.Concat(Enumerable.Repeat("N2ns4listIi", 1024)) + "v" + string.Concat(Enumerable.Repeat("EE", 1024));
        string text = string.Concat(Enumerable.Repeat("ns::list<int, ", 1024)) + "void" + new string('>', 1024);
        OnSmallStack(() => Assert.Equal($"f({text})", Display($"_Z1f{mangled}")));
    }

    [Fact]
    public void Text_that_doubles_with_each_part_is_bounded()
    {
        // Each pair refers to the one before twice, so the text would have 2^200 bytes.
        string cpp = "_Z1f4pairI1aS0_E" + string.Concat(Enumerable.Range(1, 200).Select(i => $"S_IS{Base36(i)}_S{Base36(i)}_E"));
        AssertBounded(cpp);
        AssertBounded("_ZN1aIiE1bI" + string.Concat(Enumerable.Repeat("JT_T_DpT_EJ", 300)) + "EEvDpT_DpT_DpT_");

        // The same in Rust: tuples of back references.
        var rust = new StringBuilder("_RIC1aTuuE");
        int last = rust.Length - "TuuE".Length - "_R".Length;
        for (int i = 0; i < 200; i++)
        {
            int start = rust.Length - "_R".Length;
            rust.Append($"TB{Base62(last)}B{Base62(last)}E");
            last = start;
        }
        AssertBounded(rust.Append('E').ToString());
    }

    [Fact]
    public void Noise_is_read_quickly()
    {
        const string Letters = "NIEJXLTS_PRKFADZUCDpPdtnvic0123459aboQsrl";
        var random = new Random(7);
        OnSmallStack(() =>
        {
            for (int i = 0; i < 200_000; i++)
            {
                string noise = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Letters[random.Next(Letters.Length)]));
                Display((i % 3 == 0 ? "_R" : "_Z") + noise);
            }
        });
    }

    private static void AssertBounded(string name)
    {
        var clock = Stopwatch.StartNew();
        OnSmallStack(() => Assert.InRange(Display(name).Length, 1, 16_384 + (64 * name.Length)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"took {clock.Elapsed}");
    }

    /// <summary>Half a megabyte, the least that a thread of the linker may have.</summary>
    private static void OnSmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    private static string Base36(int value) =>
        value == 0 ? "" : Digits(value - 1, 36, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static string Base62(int value) =>
        value == 0 ? "_" : Digits(value - 1, 62, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") + "_";

    private static string Digits(int value, int radix, string digits) =>
        (value < radix ? "" : Digits(value / radix, radix, digits)) + digits[value % radix];

    /// <summary>A few letters replaced, dropped, or repeated.</summary>
    private static string Mutate(string name, Random random)
    {
        const string Letters = "NIEJXLTSPRKFADZUCptdnvicabosrl0123459_";
        var text = new StringBuilder(name);
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int position = random.Next(2, text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text[position] = Letters[random.Next(Letters.Length)];
                    break;
                case 1 when text.Length > 4:
                    text.Remove(position, 1);
                    break;
                case 2:
                    text.Insert(position, Letters[random.Next(Letters.Length)]);
                    break;
                default:
                    text.Insert(position, text.ToString(position, Math.Min(random.Next(1, 12), text.Length - position)));
                    break;
            }
        }
        return text.ToString();
    }

    private static string[] DefinedNames(string file) =>
        [.. ExternalTool.Run(Path.GetTempPath(), "llvm-nm-22", "--format=just-symbols", file)
            .Split('\n')
            .Where(line => line.Length > 0 && !line.EndsWith(':'))
            .Distinct()];

    /// <summary>Compares names without white space or quotes; at least so many must be ones that LLVM demangles.</summary>
    private static void CompareWithLlvm(string[] names, int atLeast)
    {
        // LLVM tries the name without its first underscore too, where llvm-cxxfilt does not.
        names = [.. names.Where(name => !name.StartsWith("__", StringComparison.Ordinal))];

        using var directory = new TempDirectory();
        File.WriteAllLines(Path.Combine(directory.Path, "names"), names);
        string[] expected = ExternalTool.Run(directory.Path, "llvm-cxxfilt-22", "@names").TrimEnd('\n').Split('\n');
        Assert.Equal(names.Length, expected.Length);
        int demangled = 0;
        for (int i = 0; i < names.Length; i++)
        {
            string text = Display(names[i]);
            if (text != expected[i])
                Assert.Fail($"{names[i]}\nLLVM: {expected[i]}\nweld: {text}");
            demangled += text == names[i] ? 0 : 1;
        }
        Assert.True(demangled >= atLeast, $"only {demangled} of {names.Length} names are mangled");
    }

    private static string Display(string name) => Demangler.ForMessage(Utf8String.FromText(name));

    private static string FindFile(string name) => Repository.Path("test", "Weld.UnitTests", "Demangling", name);
}
