using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Reflection;

/// <summary>What the mapped services say of themselves: their descriptors and the files these come from.</summary>
sealed class ReflectedServices
{
    readonly string[] _services;
    readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);

    public ReflectedServices(EndpointDataSource endpoints)
    {
        var services = endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
            .OfType<Type>().Distinct()
            .Select(Descriptor).OfType<ServiceDescriptor>()
            .DistinctBy(service => service.FullName)
            .ToArray();
        _services = [.. services.Select(service => service.FullName).Order(StringComparer.Ordinal)];
        foreach (var service in services) Add(service.File);
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse { Service = { _services.Select(name => new ServiceResponse { Name = name }) } };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename when _files.TryGetValue(request.FileByFilename, out var file):
                response.FileDescriptorResponse = WithDependencies(file);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol when _symbols.TryGetValue(request.FileContainingSymbol, out var file):
                response.FileDescriptorResponse = WithDependencies(file);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when _symbols.ContainsKey(request.AllExtensionNumbersOfType):
                // proto3 files extend nothing but options, and those are not served.
                response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.None:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks for nothing.");
                break;
            default:
                response.ErrorResponse = Error(StatusCode.NotFound, "Not found.");
                break;
        }
        return response;
    }

    static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };

    /// <summary>The generated base class of a service names the class that holds its descriptor.</summary>
    static ServiceDescriptor? Descriptor(Type service)
    {
        for (var type = service; type is not null; type = type.BaseType)
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } bind)
                return bind.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;
        return null; // a code-first service has none
    }

    static FileDescriptorResponse WithDependencies(FileDescriptor file)
    {
        var files = new List<FileDescriptor>();
        Collect(file);
        return new FileDescriptorResponse { FileDescriptorProto = { files.Select(one => one.SerializedData) } };

        void Collect(FileDescriptor one)
        {
            if (files.Contains(one)) return;
            files.Add(one);
            foreach (var dependency in one.Dependencies) Collect(dependency);
        }
    }

    void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file)) return;
        foreach (var dependency in file.Dependencies) Add(dependency);
        foreach (var message in file.MessageTypes) Add(message);
        foreach (var type in file.EnumTypes) _symbols.TryAdd(type.FullName, file);
        foreach (var service in file.Services)
        {
            _symbols.TryAdd(service.FullName, file);
            foreach (var method in service.Methods) _symbols.TryAdd(method.FullName, file);
        }
    }

    void Add(MessageDescriptor message)
    {
        _symbols.TryAdd(message.FullName, message.File);
        foreach (var field in message.Fields.InDeclarationOrder()) _symbols.TryAdd(field.FullName, message.File);
        foreach (var type in message.EnumTypes) _symbols.TryAdd(type.FullName, message.File);
        foreach (var nested in message.NestedTypes) Add(nested);
    }
}
